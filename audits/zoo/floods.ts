import { Connections } from '../../gateways/connections.ts';
import { part, type Specimen, token, unlimited } from './faults.ts';

export const floods: readonly Specimen[] = [
  {
    ...token,
    fault: 'who floods is refused, and never cut',
    breaks: 'steady-flood',
    sabotage(scenario) {
      const connections = part(scenario, Connections);
      const cut = connections.cut.bind(connections);
      connections.cut = (connection, code) => {
        if (code !== 'too-many-events') cut(connection, code);
      };
    },
  },
  {
    ...token,
    fault: 'packets that are no events are not counted',
    breaks: 'uncounted-packets',
    options: unlimited({ packetsPerSecond: false }),
  },
  {
    ...token,
    fault: 'transports count once they have sent CONNECT',
    breaks: 'upgrade-flood',
    options: unlimited({ transportsPerAddress: false }),
  },
  {
    ...token,
    fault: 'attachments are waited for',
    breaks: 'partial-attachments',
    options: (given) => ({ ...given, attachments: true }),
  },
  {
    ...token,
    fault: 'whatever is not read is kept',
    breaks: 'slow-reader',
    options: unlimited({ unsentBytes: false }),
  },
];
