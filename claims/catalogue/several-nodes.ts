import { figure } from '../../bench/report/format.ts';
import { type VariantName, variantNames } from '../../strategies/strategy.ts';
import type { Claim, Outcome } from '../claim.ts';
import { all, type Told } from '../decide.ts';
import { amountText, cellName } from '../text.ts';

/** Its run is one of its own: where there is none, the claim waits for it. */
const decideOf = (told: Told, whenTrue: Outcome, whenFalse: Outcome): Outcome =>
  told === undefined ? 'awaiting: scale' : told ? whenTrue : whenFalse;

/** What takes more than one node. */
const sessionNotDistributed: Claim = {
  id: 'session-not-distributed',
  says: 'Sessions suit stateless or distributed systems less',
  where: 'Session-Based Authentication',
  hypothesis: 'A second node that shares the secret but no store accepts every token and no session',
  metric:
    'Share of the clients signed in on one node that another accepts; store commands a connect with a shared store',
  contrast: 'session against all others, which carry tokens, in both variants; session with a shared store',
  threshold: 'Without a shared store, 0% of the sessions and 100% of the tokens',
  falsifiedBy:
    'A session that is accepted, or a token as published that is not; it is qualified where hardened tokens alone are not',
  needs: {
    bench: { suites: ['no-shared-store', 'scale'], strategy: ['session', 'access-refresh'], nodes: true },
  },
  judge(evidence) {
    const cells = evidence.cells('admitted-elsewhere').filter(({ params }) => params['store'] === 'memory');
    const sessions = variantNames.map((variant) =>
      evidence.cell('admitted-elsewhere', 'session', variant, { store: 'memory' }),
    );
    const tokens = cells.filter((cell) => !sessions.includes(cell));
    const everyToken = (variant: VariantName, share: number): Told => {
      const own = tokens.filter((cell) => cell.variant === variant);
      return own.length === 0 ? undefined : own.every(({ median }) => median === share);
    };
    const isTrue = all([...sessions.map((cell) => cell && cell.median === 0), everyToken('as-published', 100)]);
    const hardened: Outcome = everyToken('hardened', 0) ? 'qualified' : 'inconclusive';
    const outcome =
      isTrue === true
        ? decideOf(everyToken('hardened', 100), 'supported', hardened)
        : decideOf(isTrue, 'supported', 'refuted');
    const shared = evidence.cell('admitted-elsewhere', 'session', 'hardened', { nodes: 2, store: 'redis' });
    const commands = evidence.cell('store-commands', 'session', 'hardened', { op: 'connect', nodes: 4 });
    const seen = cells.map((cell) => `${amountText(cell)} (${cell.strategy}, ${cell.variant})`).join(', ');
    return {
      outcome,
      figure: `without a shared store: ${seen === '' ? 'not measured' : seen}; with one ${amountText(shared)} of the sessions, at ${amountText(commands)} store commands a connect`,
      ...(outcome === 'qualified' && {
        condition: 'It holds for tokens as published. Hardened tokens need a shared store, as sessions do',
      }),
      cites: [...cells, shared, commands].flatMap(cellName),
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
