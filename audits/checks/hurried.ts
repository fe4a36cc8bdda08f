import type { Server } from 'socket.io';

/** The deadline for a CONNECT that audits give a server, in ms. */
const SHORT = 100;

/** Lets the server's own deadline for a CONNECT come within `ms`. Returns the deadline that it had, in ms. */
export function hurried(server: Server, ms = SHORT): number {
  const declared = server.connectTimeout();
  server.connectTimeout(ms);
  return declared;
}
