import { variantNames } from '../../strategies/strategy.ts';
import type { Claim } from '../claim.ts';
import { all, decide } from '../decide.ts';
import { endsWithin } from '../evidence.ts';
import { amountText, cellName } from '../text.ts';
import { TOLERATED } from '../../bench/report/leaks.ts';

/** The article on sessions and on long-lived WS tokens. */
export default [
  {
    id: 'expiry-breaks-session',
    says: 'A short-lived token that is verified on each message breaks the user in the middle of a connection',
    where: 'The Core Problem',
    hypothesis: 'Verified on each message and not renewed, every message is refused from the expiry on',
    metric: 'ms from expiry to the last act that was handled, of a client that renews nothing',
    contrast: 'access-refresh as published',
    threshold: `${TOLERATED} ms`,
    falsifiedBy: 'Messages that are handled later',
    needs: { bench: { suites: ['expiry'], strategy: 'access-refresh' } },
    judge(evidence) {
      const cell = evidence.cell('accepted-after-expiry', 'access-refresh', 'as-published');
      return {
        outcome: decide(endsWithin(cell, TOLERATED), 'supported', 'refuted'),
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
      const columns = evidence.strategies.flatMap((id) => variantNames.map((variant) => [id, variant] as const));
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
      const ended = endsWithin(goesOn, TOLERATED);
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
    threshold: `As published not ended when the watch did, hardened within ${TOLERATED} ms`,
    falsifiedBy: 'A token that ends without the list, or acts on in spite of it',
    needs: { bench: { suites: ['expiry'], strategy: 'long-lived-token' } },
    judge(evidence) {
      const [without, having] = [
        evidence.cell('accepted-after-revocation', 'long-lived-token', 'as-published'),
        evidence.cell('accepted-after-revocation', 'long-lived-token', 'hardened'),
      ];
      const told = all([without?.censored === true ? true : without && false, endsWithin(having, TOLERATED)]);
      return {
        outcome: decide(told, 'supported', 'refuted'),
        figure: `${amountText(without)} without a deny-list, ${amountText(having)} with one`,
        cites: [...cellName(without), ...cellName(having)],
      };
    },
  },
] satisfies Claim[];

const none = (cell: { readonly blocks: readonly (number | null)[] } | undefined) =>
  cell === undefined ? undefined : cell.blocks.every((value) => value === null || value === 0);
