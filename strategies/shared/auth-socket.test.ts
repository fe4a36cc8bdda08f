import { expect, it, onTestFinished } from 'vitest';
import { startApp } from '../../harness/app.ts';
import { refusalOf, say } from '../../harness/scenario.ts';
import { Balancer } from '../../test/support/balancer.ts';
import { loadStrategies } from '../registry.ts';
import { AuthSocket } from './auth-socket.ts';

const strategies = (await loadStrategies()).filter(({ httpLegs }) => httpLegs.includes('refresh'));

it.each(strategies)('comes back after a renewal whose new connection could not be opened, $id', async (strategy) => {
  const app = await startApp(strategy);
  const balancer = await Balancer.start([app.url]);
  onTestFinished(async () => {
    await balancer.stop();
    await app.close();
  });
  const { createClient } = await strategy.client();
  const { username, password } = await app.addUser('ann');
  const client = createClient({ url: app.url });
  await client.signIn(username, password);
  // Whatever it can do in band: what is renewed over HTTP takes a new connection.
  const overHttp = { ...client, renewal: () => undefined, expiresAt: undefined };
  const socket = await AuthSocket.connect(overHttp, `${balancer.url}/chat`);
  onTestFinished(() => socket.close());
  balancer.use([]);
  expect(await refusalOf(socket.renew())).toBe('unavailable');
  balancer.use([app.url]);
  await expect.poll(() => socket.socket.connected, { timeout: 8000 }).toBe(true);
  expect(await refusalOf(say(socket))).toBeUndefined();
});
