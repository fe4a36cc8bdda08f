import type { Lane } from '../lanes/lane.ts';

/** Something that happens to all lanes at once. */
export interface Action {
  readonly id: string;
  readonly label: string;
  /** Its effect, for a tooltip. */
  readonly hint: string;
  readonly group: 'clients' | 'ends' | 'faults';
  run(lane: Lane): Promise<void>;
  /** It does not wait for the actions before it. */
  readonly atOnce?: true;
  /** It happens to the store of all lanes, where they have one. */
  readonly redis?: true;
}

/** How long the network or Redis is away, in ms. */
export const AWAY = 3000;

export const actions: readonly Action[] = [
  {
    id: 'connect',
    label: 'Connect',
    hint: 'Signs the user in and connects, where that is not so already',
    group: 'clients',
    run: (lane) => lane.connect(),
  },
  {
    id: 'send',
    label: 'Send',
    hint: 'Sends one more message; five a second are sent anyway',
    group: 'clients',
    run: async (lane) => lane.send(),
    atOnce: true,
  },
  {
    id: 'tab',
    label: 'Second tab',
    hint: 'Connects once more with the same credential',
    group: 'clients',
    run: (lane) => lane.add('tab'),
  },
  {
    id: 'device',
    label: 'Second device',
    hint: 'The same user signs in on another device',
    group: 'clients',
    run: (lane) => lane.add('device'),
  },
  {
    id: 'thief',
    label: 'Thief',
    hint: 'Somebody connects with a copy of the credential, and renews nothing',
    group: 'clients',
    run: (lane) => lane.add('thief'),
  },
  {
    id: 'expire',
    label: 'Expire soon',
    hint: 'The clock of each server jumps to 1.5 seconds before the next credential ends',
    group: 'ends',
    run: (lane) => lane.expire(),
  },
  {
    id: 'sign-out',
    label: 'Sign out',
    hint: 'The user signs out; the connection is left to the server',
    group: 'ends',
    run: (lane) => lane.signOut(false),
  },
  {
    id: 'sign-out-everywhere',
    label: 'Sign out everywhere',
    hint: 'The user signs out on all devices',
    group: 'ends',
    run: (lane) => lane.signOut(true),
  },
  {
    id: 'ban',
    label: 'Ban',
    hint: 'An administrator bans the user',
    group: 'ends',
    run: (lane) => lane.ban(),
  },
  {
    id: 'lost-role',
    label: 'Take the role away',
    hint: 'The user is no longer a moderator, and goes on deleting messages',
    group: 'ends',
    run: (lane) => lane.takeRole(),
  },
  {
    id: 'cut',
    label: 'Cut the network for 3 s',
    hint: 'All connections break, and none can be opened for 3 seconds',
    group: 'faults',
    run: (lane) => lane.cutNetwork(AWAY),
    atOnce: true,
  },
  {
    id: 'restart',
    label: 'Restart the servers',
    hint: 'Each server process is killed and started anew with the same secret',
    group: 'faults',
    run: (lane) => lane.restart(),
  },
  {
    id: 'redis-away',
    label: 'Redis away for 3 s',
    hint: 'Redis is killed, and started again after 3 seconds',
    group: 'faults',
    run: async () => {},
    redis: true,
  },
  {
    id: 'reset',
    label: 'Start over',
    hint: 'A new user signs in on each server, and the lanes are empty',
    group: 'clients',
    run: (lane) => lane.reset(),
  },
];
