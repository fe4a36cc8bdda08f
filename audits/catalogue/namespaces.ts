import { passive } from '../../harness/app/scenario.ts';
import { expectClosed, expectFrame, expectNone, expectRefusal } from '../checks/expectations.ts';
import { hurried } from '../checks/hurried.ts';
import { audit, topic } from '../engine/audit.ts';
import { expectRefused } from '../remote/expectations.ts';

/** Namespaces are closed until a gateway opens them, and a client that asks for a closed one is refused. */
export default topic('Handshake', [
  audit('namespace-matrix', 'MUST open no namespace that no gateway serves', {
    source: 'ASVS 8.2.1',
    inside: async ({ start }) => {
      const scenario = await start();
      const client = await scenario.signedIn(await scenario.user());
      await expectRefusal(scenario.connect(client, passive, '/'), 'namespace-closed');
      await expectRefusal(scenario.connect(client, passive, '/nobody-thought-of'), 'unavailable');
      expectNone('accepted connections', scenario.app.counters().accepted);
    },
    remote: {
      async run(probe) {
        const namespace = '/nobody-thought-of';
        expectRefused(await probe.connect(await probe.credential(), { namespace }), `CONNECT to ${namespace}`);
      },
    },
  }),
  audit('root-closed', 'MUST keep `/` closed to a client without a credential', {
    source: 'ASVS 8.2.1',
    inside: async ({ start }) => {
      const scenario = await start();
      await expectRefusal(scenario.connectWith({}, '/'));
      expectNone('accepted connections', scenario.app.counters().accepted);
    },
    remote: { run: async (probe) => expectRefused(await probe.connect({}, { namespace: '/' }), 'CONNECT to `/`') },
  }),
  audit('root-parking', 'MUST close a transport that asked for `/` and was refused, by its deadline', {
    source: 'ASVS 15.2.2',
    inside: async ({ start }) => {
      // The server must refuse before its deadline. On a busy machine, the default of 100 ms may be too short.
      const scenario = await start({ onServer: (server) => void hurried(server, 1000) });
      const transport = await scenario.raw();
      transport.send('40');
      await expectFrame(transport, /^44/);
      await expectClosed(transport);
    },
  }),
]);
