import { Transports } from '../../gateways/transport/transports.ts';
import { part, token, unlimited } from './shared/faults.ts';
import type { Mutant } from '../engine/mutant.ts';

const mutants: readonly Mutant[] = [
  {
    ...token,
    fault: 'a flooding client is refused but never cut',
    breaks: 'steady-flood',
    sabotage(scenario) {
      const transports = part(scenario, Transports);
      const end = transports.end.bind(transports);
      transports.end = (conn, code) => {
        if (code !== 'too-many-events') end(conn, code);
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
    fault: 'transports are counted only after CONNECT',
    breaks: 'upgrade-flood',
    options: unlimited({ transportsPerAddress: false }),
  },
  {
    ...token,
    fault: 'incomplete attachments are buffered',
    breaks: 'partial-attachments',
    options: (given) => ({ ...given, attachments: true }),
  },
  {
    ...token,
    fault: 'unread bytes are buffered without a bound',
    breaks: 'slow-reader',
    options: unlimited({ unsentBytes: false }),
  },
];

export default mutants;
