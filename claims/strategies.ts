import { variantNames } from '../strategies/strategy.ts';
import { all, type Claim, decide } from './claim.ts';
import { endsWithin } from './evidence.ts';
import { refreshConnectionCost, sessionNotDistributed } from './several-nodes.ts';
import { amountText, cellName, ratioText, staleText } from './text.ts';

const SATURATED = { load: 'saturated' };
/** Within this many ms of its end a credential counts as ended. */
const PROMPT = 200;
/** A ratio of server CPU per message from here on is a cost that one would notice. */
const NOTICEABLE = 1.2;

const afterEnd = ['accepted-after-expiry', 'accepted-after-revocation', 'accepted-after-downgrade'] as const;

/** What the article says of the ways to authenticate a connection. */
export const strategies: Claim[] = [
  {
    id: 'expiry-breaks-session',
    says: 'A short-lived token that is verified on each message breaks the user in the middle of a connection',
    where: 'The Core Problem',
    hypothesis: 'Verified on each message and not renewed, every message is refused from the expiry on',
    metric: 'ms from expiry to the last act that was handled, of a client that renews nothing',
    contrast: 'access-refresh as published',
    threshold: `${PROMPT} ms`,
    falsifiedBy: 'Messages that are handled later',
    needs: { bench: { suites: ['expiry'], strategy: 'access-refresh' } },
    judge(evidence) {
      const cell = evidence.cell('accepted-after-expiry', 'access-refresh', 'as-published');
      return {
        outcome: decide(endsWithin(cell, PROMPT), 'supported', 'refuted'),
        figure: `the last message was handled ${amountText(cell)} after expiry`,
        cites: cellName(cell),
      };
    },
  },
  {
    id: 'guards-fit-rbac',
    says: 'Guards are of more use for the authorization of single messages, such as by role',
    where: 'The Core Problem',
    hypothesis: 'A guard refuses a message for want of a role, under every strategy and variant',
    metric: 'Columns of the audit in which `roles-per-message` is kept',
    contrast: 'Every strategy, in both variants',
    threshold: 'All',
    falsifiedBy: 'One in which it is broken',
    needs: {
      audits: { session: ['roles-per-message', 'stale-roles'], 'handshake-only': ['roles-per-message', 'stale-roles'] },
    },
    judge(evidence) {
      const columns = evidence.contestants.flatMap((id) => variantNames.map((variant) => [id, variant] as const));
      const kept = columns.map(([id, variant]) => evidence.keeps(id, variant, 'roles-per-message'));
      const fresh = columns.filter(([id, variant]) => evidence.keeps(id, variant, 'stale-roles') === true);
      return {
        outcome: decide(columns.length === 0 ? undefined : all(kept), 'supported', 'refuted'),
        figure: `kept in ${kept.filter(Boolean).length} of ${columns.length} columns; a role that is taken away is lost at once in ${fresh.length} of them`,
        cites: ['audit roles-per-message', 'audit stale-roles'],
      };
    },
  },
  {
    id: 'session-guards-work',
    says: 'With sessions, guards work as usual for as long as the connection lives',
    where: 'Session-Based Authentication',
    hypothesis: 'A guard that looks at the session sees its expiry, its logout and a lost role',
    metric: 'Promises kept: expiry-inbound, logout-this, stale-roles',
    contrast: 'session as published, and hardened',
    threshold: 'All three',
    falsifiedBy: 'Promises that are broken in both variants; it is qualified where the hardened one alone keeps them',
    needs: { audits: { session: ['expiry-inbound', 'logout-this', 'stale-roles'] } },
    judge(evidence) {
      const ids = ['expiry-inbound', 'logout-this', 'stale-roles'];
      const kept = (variant: (typeof variantNames)[number]) =>
        ids.filter((id) => evidence.keeps('session', variant, id));
      const told = (variant: (typeof variantNames)[number]) =>
        all(ids.map((id) => evidence.keeps('session', variant, id)));
      const [published, hardened] = [told('as-published'), told('hardened')];
      const outcome =
        published === false ? decide(hardened, 'qualified', 'refuted') : decide(published, 'supported', 'refuted');
      return {
        outcome,
        figure: `as published ${kept('as-published').length} of ${ids.length} kept, hardened ${kept('hardened').length}`,
        ...(outcome === 'qualified' && {
          condition:
            'The session object of the handshake is a snapshot: it has to be read again, and a logout has to end the sockets',
        }),
        cites: ids.map((id) => `audit ${id}`),
      };
    },
  },
  sessionNotDistributed,
  {
    id: 'long-lived-stays-authenticated',
    says: 'A WS token from the handshake keeps the connection authenticated throughout',
    where: 'Long-Lived Token Method',
    hypothesis: 'Past its expiry the connection still acts, and an honest client loses nothing',
    metric: 'ms from expiry to the last act that was handled; messages lost by an honest client',
    contrast: 'long-lived-token as published',
    threshold: 'Not ended when the watch did; 0 lost',
    falsifiedBy: 'A connection that ends, or a lost message',
    needs: { bench: { suites: ['expiry'], strategy: 'long-lived-token' } },
    judge(evidence) {
      const goesOn = evidence.cell('accepted-after-expiry', 'long-lived-token', 'as-published');
      const lost = evidence.cell('lost-messages', 'long-lived-token', 'as-published');
      const ended = endsWithin(goesOn, PROMPT);
      const told = all([goesOn?.censored === true ? true : ended === undefined ? undefined : !ended, none(lost)]);
      return {
        outcome: decide(told, 'supported', 'refuted'),
        figure: `acts ${amountText(goesOn)} after expiry, ${amountText(lost)} messages lost`,
        cites: [...cellName(goesOn), ...cellName(lost)],
      };
    },
  },
  {
    id: 'long-lived-widens-exposure',
    says: 'A longer life takes careful management of the token',
    where: 'Long-Lived Token Method',
    hypothesis: 'Without a list of revoked tokens a stolen one acts on after a sign-out, and with one it does not',
    metric: 'ms from the sign-out to the last act that was handled',
    contrast: 'long-lived-token as published against hardened',
    threshold: `As published not ended when the watch did, hardened within ${PROMPT} ms`,
    falsifiedBy: 'A token that ends without the list, or acts on in spite of it',
    needs: { bench: { suites: ['expiry'], strategy: 'long-lived-token' } },
    judge(evidence) {
      const [without, having] = [
        evidence.cell('accepted-after-revocation', 'long-lived-token', 'as-published'),
        evidence.cell('accepted-after-revocation', 'long-lived-token', 'hardened'),
      ];
      const told = all([without?.censored === true ? true : without && false, endsWithin(having, PROMPT)]);
      return {
        outcome: decide(told, 'supported', 'refuted'),
        figure: `${amountText(without)} without a deny-list, ${amountText(having)} with one`,
        cites: [...cellName(without), ...cellName(having)],
      };
    },
  },
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
    needs: { bench: { suites: ['expiry'], strategy: 'access-refresh' }, specimens: ['refusal-and-ack'] },
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
        cites: [...cells.flatMap(cellName), ...lines.map(({ nest }) => `specimen refusal-and-ack on Nest ${nest}`)],
      };
    },
  },
  {
    id: 'refresh-parse-cost',
    says: 'Parsing the JWT on each message costs at scale',
    where: 'Normal access tokens - refresh Tokens',
    hypothesis:
      'Verified on each message a token costs more server CPU, whichever library verifies it and however it is arranged',
    metric: 'Server CPU per message, saturated, against the open door',
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
  refreshConnectionCost,
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
    hypothesis: `It costs under x${NOTICEABLE} per message, and a sign-out ends it within ${PROMPT} ms`,
    metric: 'Server CPU per message against the open door; ms from the sign-out to the last act that was handled',
    contrast: 'handshake-only as published, and hardened',
    threshold: `Under x${NOTICEABLE}, within ${PROMPT} ms`,
    falsifiedBy: 'Neither variant does both; it is qualified where the hardened one alone does',
    needs: { bench: { suites: ['expiry', 'parse-cost'], strategy: 'handshake-only' } },
    judge(evidence) {
      const [published, hardened] = variantNames.map((variant) => {
        const cost = evidence.cell('server-cpu-per-message', 'handshake-only', variant, SATURATED);
        const stale = evidence.cell('accepted-after-revocation', 'handshake-only', variant);
        const above = evidence.ratioAbove(cost, NOTICEABLE);
        return { cost, stale, balanced: all([above === undefined ? undefined : !above, endsWithin(stale, PROMPT)]) };
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
      const columns = evidence.contestants.flatMap((id) =>
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
];

const none = (cell: { readonly blocks: readonly (number | null)[] } | undefined) =>
  cell === undefined ? undefined : cell.blocks.every((value) => value === null || value === 0);
