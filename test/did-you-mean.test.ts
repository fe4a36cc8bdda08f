import { describe, expect, it } from 'vitest';
import { nearest } from '../scripts/did-you-mean.ts';

describe('did you mean', () => {
  it.each([
    ['quik', ['smoke', 'quick', 'full'], 'quick'],
    ['qiuck', ['smoke', 'quick', 'full'], 'quick'],
    ['--profil', ['--profile', '--publish'], '--profile'],
    ['Session', ['session', 'access-refresh'], 'session'],
    ['handshake', ['handshake-only', 'session'], 'handshake-only'],
    ['acess-refresh', ['access-refresh', 'connection-lease'], 'access-refresh'],
  ])('%s', (given, known, meant) => expect(nearest(given, known)).toBe(meant));

  it.each(['nope', '', 'x', 'connection'])('guesses nothing for %j', (given) => {
    expect(nearest(given, ['smoke', 'quick', 'full', 'connection-lease', 'connection-storm'])).toBeUndefined();
  });
});
