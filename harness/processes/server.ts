import type { Launch } from './launch.ts';
import { Child } from './rpc.ts';
import type { ServerHandlers, ServerSpec } from './server-process.ts';

export type Server = Child<ServerHandlers> & { readonly url: string };

/** A server in a process of its own, from the compiled code. */
export async function startServer(spec: ServerSpec, launch?: Launch): Promise<Server> {
  const child = await Child.start<ServerHandlers>('./server-process.js', import.meta.url, launch);
  try {
    return Object.assign(child, { url: await child.call.start(spec) });
  } catch (error) {
    await child.stop();
    throw error;
  }
}
