import { figure } from '../../bench/report/format.ts';
import type { Claim, Outcome } from '../claim.ts';
import { all, type Told } from '../decide.ts';
import { amountText, cellName } from '../text.ts';

/** Its run is one of its own: where there is none, the claim waits for it. */
const decideOf = (told: Told, whenTrue: Outcome, whenFalse: Outcome): Outcome =>
  told === undefined ? 'awaiting: scale' : told ? whenTrue : whenFalse;

const elsewhere = (store: 'memory' | 'redis') => ({ nodes: 2, store });

/** What takes more than one node. */
const sessionNotDistributed: Claim = {
  id: 'session-not-distributed',
  says: 'Sessions suit stateless or distributed systems less',
  where: 'Session-Based Authentication',
  hypothesis: 'A second node with the same secret and no shared store lets no session in, where it lets every token in',
  metric:
    'Share of clients, signed in on one node, that another lets in; store commands a connect where the store is shared',
  contrast: 'session against all others, which carry tokens; hardened, with stores in memory and in Redis',
  threshold: 'In memory, half of the sessions and all of the tokens',
  falsifiedBy: 'Most sessions let in by a node that shares no store, or a token that is not',
  needs: { bench: { suites: ['scale'], strategy: ['session', 'connection-lease'], nodes: true } },
  judge(evidence) {
    const alone = evidence.cell('admitted-elsewhere', 'session', 'hardened', elsewhere('memory'));
    const shared = evidence.cell('admitted-elsewhere', 'session', 'hardened', elsewhere('redis'));
    const commands = evidence.cell('store-commands', 'session', 'hardened', { op: 'connect', nodes: 4 });
    const tokens = evidence
      .cells('admitted-elsewhere')
      .filter(
        ({ strategy, variant, params }) =>
          strategy !== alone?.strategy &&
          variant === 'hardened' &&
          params['nodes'] === 2 &&
          params['store'] === 'memory',
      );
    const told =
      tokens.length === 0 ? 'not measured' : tokens.map((cell) => `${amountText(cell)} (${cell.strategy})`).join(', ');
    const isTrue = all([
      alone && alone.median < 50,
      tokens.length === 0 ? undefined : tokens.every(({ median }) => median === 100),
    ]);
    return {
      outcome: decideOf(isTrue, 'supported', 'refuted'),
      figure: `without a shared store ${amountText(alone)} of the sessions, tokens ${told}; with one ${amountText(shared)}, at ${amountText(commands)} store commands a connect`,
      cites: [alone, shared, commands, ...tokens].flatMap(cellName),
    };
  },
};

const MILLION = 1_000_000;
/** Seconds: the lifetime of an access token unless told otherwise. */
const LIFETIME = 300;

const refreshConnectionCost: Claim = {
  id: 'refresh-connection-cost',
  says: 'Managing connections costs at scale',
  where: 'Normal access tokens - refresh Tokens',
  hypothesis: 'Renewals alone keep more than a core busy for a million connections with tokens of five minutes',
  metric: 'Server CPU and store commands a renewal, on four nodes; the peak when all end at once',
  contrast: 'access-refresh hardened, over Redis',
  threshold: 'One core',
  falsifiedBy: 'Less than one',
  needs: { bench: { suites: ['scale', 'storm'], strategy: 'access-refresh', nodes: true } },
  judge(evidence) {
    const of = (metric: Parameters<typeof evidence.cell>[0], params = {}) =>
      evidence.cell(metric, 'access-refresh', 'hardened', params);
    const cpu = of('server-cpu-per-renewal', { nodes: 4 });
    const commands = of('store-commands', { op: 'renewal', nodes: 4 });
    const [peak, lost] = [of('peak-renewals', { after: 'expiry' }), of('false-logouts', { after: 'expiry' })];
    const sockets = lost?.params['sockets'] ?? peak?.params['sockets'];
    const fleet = sockets === undefined ? '' : `, with ${Number(sockets).toLocaleString('en')} sockets`;
    const cores = cpu && ((MILLION / LIFETIME) * cpu.median) / 1000;
    return {
      outcome: decideOf(cores === undefined ? undefined : cores > 1, 'supported', 'refuted'),
      figure: `${amountText(cpu)} and ${amountText(commands)} store commands a renewal: ${cores === undefined ? '?' : figure(cores)} cores for a million; all at once${fleet}: renewals a second at the peak ${amountText(peak)}, ${amountText(lost)} signed out falsely`,
      cites: [cpu, commands, peak, lost].flatMap(cellName),
    };
  },
};

/** What the article says that takes several nodes to tell. */
export default [sessionNotDistributed, refreshConnectionCost];
