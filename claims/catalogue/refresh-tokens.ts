import { variantNames } from '../../strategies/strategy.ts';
import type { Claim } from '../claim.ts';
import { all, decide } from '../decide.ts';
import { amountText, cellName, ratioText } from '../text.ts';
import { NOTICEABLE, SATURATED } from '../thresholds.ts';

/** The article on access and refresh tokens over acks. */
export default [
  {
    id: 'refresh-works',
    says: 'Renewing on an Unauthorized error, and waiting for the ack, can work',
    where: 'Normal access tokens - refresh Tokens',
    hypothesis:
      'Over several expiries an honest client loses nothing, and stock Nest answers the ack of what it refuses',
    metric: 'Messages lost and failed; whether a refused ack is answered',
    contrast: 'access-refresh in both variants; a stock gateway on both lines of Nest',
    threshold: '0 lost, 0 failed; answered',
    falsifiedBy: 'A lost message; it is qualified where the ack takes a filter of its own',
    needs: { bench: { suites: ['expiry'], strategy: 'access-refresh' }, demonstrations: ['refusal-and-ack'] },
    judge(evidence) {
      const cells = variantNames.flatMap((variant) =>
        (['lost-messages', 'failed-messages'] as const).map((metric) =>
          evidence.cell(metric, 'access-refresh', variant),
        ),
      );
      const lines = evidence.platforms('refusal-and-ack');
      const answered = lines.length === 0 ? undefined : lines.every(({ seen }) => seen['ackAnswered'] === true);
      const works = all(cells.map(none));
      const outcome =
        works === true ? decide(answered, 'supported', 'qualified') : decide(works, 'supported', 'refuted');
      return {
        outcome,
        figure: `${cells.map((cell) => amountText(cell)).join(', ')} lost and failed; a refused ack is ${answered ? 'answered' : 'never answered'} by ${lines.map(({ nest }) => `Nest ${nest}`).join(' and ')}`,
        ...(outcome === 'qualified' && {
          condition: 'With a filter that answers the ack: stock Nest leaves it to its timeout',
        }),
        cites: [
          ...cells.flatMap(cellName),
          ...lines.map(({ nest }) => `demonstration refusal-and-ack on Nest ${nest}`),
        ],
      };
    },
  },
  {
    id: 'refresh-parse-cost',
    says: 'Parsing the JWT on each message costs at scale',
    where: 'Normal access tokens - refresh Tokens',
    hypothesis:
      'Verified on each message a token costs more server CPU, whichever library verifies it and however it is arranged',
    metric: 'Server CPU per message, saturated, against the no-auth baseline',
    contrast: 'access-refresh as published (jose on each message) against hardened (verified once)',
    threshold: `x${NOTICEABLE}`,
    falsifiedBy: `As published below x${NOTICEABLE}; it is qualified where verifying once avoids it`,
    needs: { bench: { suites: ['parse-cost'], strategy: 'access-refresh' } },
    judge(evidence) {
      const [each, once] = (['as-published', 'hardened'] as const).map((variant) =>
        evidence.cell('server-cpu-per-message', 'access-refresh', variant, SATURATED),
      );
      const [costs, stillCosts] = [evidence.ratioAbove(each, NOTICEABLE), evidence.ratioAbove(once, NOTICEABLE)];
      const outcome =
        costs === true ? decide(stillCosts, 'supported', 'qualified') : decide(costs, 'supported', 'refuted');
      const libraries = evidence
        .cells('verify-time')
        .filter(({ params }) => params['algorithm'] === 'HS256' && params['cached'] !== true)
        .map((cell) => `${String(cell.params['library'])} ${amountText(cell)}`);
      return {
        outcome,
        figure: `${ratioText(each)} on each message, ${ratioText(once)} verified once${libraries.length > 0 ? `; one HS256 verification: ${libraries.join(', ')}` : ''}`,
        ...(outcome === 'qualified' && {
          condition: 'The cost is that of verifying again: compare the expiry instead, or take a faster library',
        }),
        cites: [...cellName(each), ...cellName(once)],
      };
    },
  },
  {
    id: 'refresh-client-config',
    says: 'It takes more on the client side',
    where: 'Normal access tokens - refresh Tokens',
    hypothesis: 'Its client has more verbs and more lines than that of any other strategy',
    metric: 'Verbs that a client implements, and its lines of code',
    contrast: 'access-refresh against every other strategy',
    threshold: 'More of both than each other',
    falsifiedBy: 'More of neither; it is qualified where it has more of one',
    needs: { observations: ['client-verbs', 'client-lines'] },
    judge(evidence) {
      const most = (name: string) => {
        const { 'access-refresh': own, ...others } = evidence.observation(name) ?? {};
        if (own === undefined) return undefined;
        return Object.values(others).every((count) => Number(own) > Number(count));
      };
      const [verbs, lines] = [most('client-verbs'), most('client-lines')];
      const outcome =
        verbs === undefined || lines === undefined
          ? 'inconclusive'
          : verbs && lines
            ? 'supported'
            : verbs || lines
              ? 'qualified'
              : 'refuted';
      const counted = (name: string) =>
        Object.entries(evidence.observation(name) ?? {})
          .map(([id, count]) => `${id} ${String(count)}`)
          .join(', ');
      return {
        outcome,
        figure: `verbs: ${counted('client-verbs')}; lines: ${counted('client-lines')}`,
        ...(outcome === 'qualified' && {
          condition:
            verbs === true
              ? 'More that a client has to do, and no more code once renewal is written'
              : 'More code, and no more to do',
        }),
        cites: ['observation client-verbs', 'observation client-lines'],
      };
    },
  },
] satisfies Claim[];

const none = (cell: { readonly blocks: readonly (number | null)[] } | undefined) =>
  cell === undefined ? undefined : cell.blocks.every((value) => value === null || value === 0);
