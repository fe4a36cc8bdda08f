import type { Setting } from './model.ts';

/** The assumptions about an application. */
export type Population = Pick<Setting, 'connections' | 'lifetime' | 'messages' | 'signOuts' | 'stays' | 'seed'>;

/** One message a minute, one sign-out a day, connections of one hour, tokens of five minutes. */
export const usual = {
  lifetime: 300_000,
  messages: 1 / 60,
  signOuts: 1 / 86_400,
  stays: 3_600_000,
  seed: 1,
} as const;
