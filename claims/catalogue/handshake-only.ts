import { variantNames } from '../../strategies/strategy.ts';
import type { Claim } from '../claim.ts';
import { all, decide } from '../decide.ts';
import { endsWithin } from '../evidence.ts';
import { amountText, cellName, ratioText, staleText } from '../text.ts';
import { TOLERATED } from '../../bench/report/leaks.ts';
import { afterEnd, NOTICEABLE, SATURATED } from '../thresholds.ts';

/** The article on verification at the handshake alone, and on what holds for every strategy. */
export default [
  {
    id: 'handshake-trusted-after',
    says: 'After the check of the handshake, messages are trusted',
    where: 'Handshake-Only Verification',
    hypothesis: 'Expiry, sign-out and a lost role change nothing on an open connection',
    metric: 'ms from each to the last act that was handled',
    contrast: 'handshake-only as published',
    threshold: 'Not ended when the watch did, for each',
    falsifiedBy: 'One that ends it',
    needs: { bench: { suites: ['expiry'], strategy: 'handshake-only' } },
    judge(evidence) {
      const cells = afterEnd.map((metric) => evidence.cell(metric, 'handshake-only', 'as-published'));
      const told = all(cells.map((cell) => (cell?.censored === true ? true : cell && false)));
      return {
        outcome: decide(told, 'supported', 'refuted'),
        figure: `after expiry, sign-out and downgrade: ${cells.map(amountText).join(', ')}`,
        cites: cells.flatMap(cellName),
      };
    },
  },
  {
    id: 'handshake-balance',
    says: 'Verification at the handshake balances security with practicality',
    where: 'Handshake-Only Verification',
    hypothesis: `It costs under x${NOTICEABLE} per message, and a sign-out ends it within ${TOLERATED} ms`,
    metric:
      'Server CPU per message against the no-auth baseline; ms from the sign-out to the last act that was handled',
    contrast: 'handshake-only as published, and hardened',
    threshold: `Under x${NOTICEABLE}, within ${TOLERATED} ms`,
    falsifiedBy: 'Neither variant does both; it is qualified where the hardened one alone does',
    needs: { bench: { suites: ['expiry', 'parse-cost'], strategy: 'handshake-only' } },
    judge(evidence) {
      const [published, hardened] = variantNames.map((variant) => {
        const cost = evidence.cell('server-cpu-per-message', 'handshake-only', variant, SATURATED);
        const stale = evidence.cell('accepted-after-revocation', 'handshake-only', variant);
        const above = evidence.ratioAbove(cost, NOTICEABLE);
        return { cost, stale, balanced: all([above === undefined ? undefined : !above, endsWithin(stale, TOLERATED)]) };
      });
      const outcome =
        published!.balanced === false
          ? decide(hardened!.balanced, 'qualified', 'refuted')
          : decide(published!.balanced, 'supported', 'refuted');
      const said = ({ cost, stale }: NonNullable<typeof published>) =>
        `${ratioText(cost)}, ${amountText(stale)} after a sign-out`;
      return {
        outcome,
        figure: `as published ${said(published!)}; hardened ${said(hardened!)} (${staleText(evidence.staleness('handshake-only', 'hardened', 'logout'))})`,
        ...(outcome === 'qualified' && {
          condition:
            'Only with a cut at expiry and a kick on revocation; as published all of the balance is practicality',
        }),
        cites: [published!, hardened!].flatMap(({ cost, stale }) => [...cellName(cost), ...cellName(stale)]),
      };
    },
  },
  {
    id: 'one-place-change',
    says: 'A change of authentication touches one place',
    where: 'Conclusion',
    hypothesis: 'Every strategy runs behind gateways that name none of them',
    metric: 'Files of gateways/ that name or import a strategy; strategies that are admitted behind them',
    contrast: 'Every strategy, in both variants',
    threshold: '0 files; all',
    falsifiedBy: 'A gateway that has to be changed',
    needs: {
      observations: ['gateways-that-name-a-strategy'],
      audits: { session: ['admits'], 'handshake-only': ['admits'] },
    },
    judge(evidence) {
      const files = evidence.observation('gateways-that-name-a-strategy')?.['files'];
      const columns = evidence.strategies.flatMap((id) =>
        variantNames.map((variant) => evidence.keeps(id, variant, 'admits')),
      );
      const told = all([
        files === undefined ? undefined : files === 0,
        columns.length === 0 ? undefined : all(columns),
      ]);
      return {
        outcome: decide(told, 'supported', 'refuted'),
        figure: `${String(files ?? 'not counted')} files of gateways/ name a strategy; ${columns.filter(Boolean).length} of ${columns.length} columns admit their users`,
        cites: ['observation gateways-that-name-a-strategy', 'audit admits'],
      };
    },
  },
  {
    id: 'limits-advised',
    says: 'Rate limits and monitoring are worth adding',
    where: 'Conclusion',
    hypothesis: 'Without limits a flood is handled whole, and with them it is cut short while others are served',
    metric: 'Of 3,000 events that one client sends at once: how many are handled, and whether it is cut',
    contrast: 'The same gateways with limits and without',
    threshold: 'All without; cut with them, others served',
    falsifiedBy: 'No difference',
    needs: { observations: ['flood'] },
    judge(evidence) {
      const { sent, handledWithout, handledWith, cutWith, servedWith } = evidence.observation('flood') ?? {};
      const told =
        sent === undefined
          ? undefined
          : handledWithout === sent && Number(handledWith) < Number(sent) && cutWith === true && servedWith === true;
      return {
        outcome: decide(told, 'supported', 'refuted'),
        figure: `of ${String(sent)} events ${String(handledWithout)} handled without limits, ${String(handledWith)} with`,
        cites: ['observation flood'],
      };
    },
  },
] satisfies Claim[];
