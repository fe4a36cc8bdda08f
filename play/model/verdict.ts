import { type End, type Side, sides, type Who } from './facts.ts';
import { type Client, rightEndsAt } from './client-state.ts';
import { atTime, type LaneState } from './lane-state.ts';
import { lasted } from './track.ts';

/** The state of a lane in words. `bad`: something was served though it should not be. */
export interface Verdict {
  readonly tone: 'good' | 'bad' | 'plain';
  readonly text: string;
  readonly notes: readonly string[];
}

const endNames: Readonly<Record<End | 'expiry', string>> = {
  'sign-out': 'sign-out',
  'sign-out-everywhere': 'sign-out everywhere',
  ban: 'the ban',
  'lost-role': 'the role was taken away',
  expiry: 'expiry',
};
const whoNames: Readonly<Record<Who, string>> = {
  you: 'you',
  tab: 'second tab',
  device: 'second device',
  thief: 'thief',
};

export const whoName = (who: Who): string => whoNames[who];

/** From ms to words, such as `7 ms` or `2.4 s`. */
const spanText = (ms: number): string => (ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`);

/** The state of a lane at a time: of the user's own client, and of the others that were added. */
export function verdictOf(lane: LaneState, now: number): Verdict {
  const { clients, server } = atTime(lane, now);
  if (clients.length === 0)
    return { tone: 'plain', text: server === 'starting' ? 'server is starting' : 'not connected', notes: [] };
  const [first, ...others] = clients.map((client) => ({ client, verdict: clientVerdict(client, now) }));
  const worst = others.find(({ verdict }) => verdict.tone === 'bad');
  const led = first!.verdict.tone !== 'bad' && worst !== undefined ? worst : first!;
  const rest = [first!, ...others].filter((one) => one !== led);
  return {
    tone: led.verdict.tone,
    text: led === first ? led.verdict.text : `${whoName(led.client.who)}: ${led.verdict.text}`,
    notes: [...led.verdict.notes, ...rest.map(({ client, verdict }) => `${whoName(client.who)}: ${verdict.text}`)],
  };
}

/** The verdict of one client. */
function clientVerdict(client: Client, now: number): Verdict {
  const counts = countsOf(client);
  const stale = sides.filter((side) => client[side].kind === 'stale');
  if (stale.length > 0) return { tone: 'bad', text: staleText(client, stale, now), notes: counts };
  const served = Math.max(...sides.map((side) => lasted(client[side], 'stale', client.joinedAt, now)));
  if (served > 0) {
    const after = endNames[client.servedAfter ?? 'expiry'];
    return { tone: 'bad', text: `was served for ${spanText(served)} after ${after}`, notes: counts };
  }
  const notes = client.lost === 0 ? ['no notification lost', ...counts] : counts;
  return { ...stateText(client, now), notes };
}

function staleText(client: Client, stale: readonly Side[], now: number): string {
  if (client.keepsRole && rightEndsAt(client) > now)
    return `acts by its lost role, ${spanText(now - client.roleLostAt!)} so far`;
  const { ended } = client;
  // A sign-out after the expiry is what people have just seen.
  const came =
    ended === null || ended.why === 'lost-role' ? { at: rightEndsAt(client), why: 'expiry' as const } : ended;
  const went = `${spanText(now - came.at)} after ${endNames[came.why]}`;
  const where = nodesText(client, stale);
  if (stale.length === 2) return `still served${where} ${went}`;
  return stale[0] === 'receives' ? `still receives${where} ${went}` : `still acts${where} ${went}`;
}

/** On which nodes these connections are; nothing where there is one process alone. */
function nodesText({ nodes }: Client, of: readonly Side[]): string {
  if (nodes === undefined) return '';
  return of.length === 1 ? ` on node ${nodes[of[0]!]}` : ` on nodes ${nodes.sends} and ${nodes.receives}`;
}

function stateText(client: Client, now: number): Omit<Verdict, 'notes'> {
  const { sends, receives, ended, turnedAway } = client;
  if (turnedAway !== null) return { tone: 'plain', text: `turned away: ${turnedAway}` };
  const tracks = [sends, receives];
  if (tracks.every(({ kind }) => kind === 'closed')) return closedText(client);
  if (tracks.some(({ kind }) => kind === 'gap')) return { tone: 'plain', text: 'reconnecting' };
  if (tracks.some(({ kind }) => kind === 'closed')) return { tone: 'plain', text: 'half closed' };
  if (sends.kind === 'refused') return { tone: 'plain', text: `messages refused${codeText(sends.code)}` };
  if (ended !== null || rightEndsAt(client) <= now) return { tone: 'plain', text: 'open, and not served' };
  if (client.reconnects > 0 && client.renewals.length > 0) return { tone: 'good', text: 'renewed and reconnected' };
  if (client.renewals.some((at) => at >= client.joinedAt)) return { tone: 'good', text: 'renewed in place' };
  return { tone: 'good', text: 'entitled and served' };
}

function closedText(client: Client): Omit<Verdict, 'notes'> {
  const { sends, receives, ended, endsAt, nodes } = client;
  const closedAt = Math.max(sends.closedAt ?? 0, receives.closedAt ?? 0);
  const since = ended !== null && ended.why !== 'lost-role' ? ended : undefined;
  if (since !== undefined && closedAt >= since.askedAt)
    return {
      tone: 'good',
      text: `cut${nodesText(client, sides)}${nodes === undefined ? '' : ','} ${spanText(Math.max(0, closedAt - since.askedAt))} after ${endNames[since.why]}${nodes === undefined ? '' : ` on node ${nodes.sends}`}`,
    };
  const code = codeText(sends.code ?? receives.code);
  if (endsAt !== null && closedAt >= endsAt) return { tone: 'plain', text: `ended at expiry${code}` };
  return { tone: 'plain', text: `closed${code}` };
}

const codeText = (code: string | null): string => (code === null ? '' : `: ${code}`);

function countsOf({ lost, refused, reconnects }: Client): string[] {
  const counted = [
    [lost, 'notification', 'lost'],
    [refused, 'message', 'refused'],
    [reconnects, 'connection', 'opened again'],
  ] as const;
  return counted
    .filter(([count]) => count > 0)
    .map(([count, noun, verb]) => `${count} ${noun}${count === 1 ? '' : 's'} ${verb}`);
}

/** How many lanes show what, for who does not see them. */
export function summaryOf(verdicts: readonly Verdict[]): string {
  const bad = verdicts.filter(({ tone }) => tone === 'bad').length;
  const cut = verdicts.filter(({ text }) => text.startsWith('cut ')).length;
  const parts = [
    bad > 0 && `in ${lanes(bad)} somebody is or was served who should not be`,
    cut > 0 && `${lanes(cut)} cut the connection`,
    verdicts.length > bad + cut && `nothing is wrong in ${lanes(verdicts.length - bad - cut)}`,
  ];
  return `${parts.filter(Boolean).join('; ')}.`;
}

const lanes = (count: number): string => `${count} ${count === 1 ? 'lane' : 'lanes'}`;
