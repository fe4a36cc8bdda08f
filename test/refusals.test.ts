import { describe, expect, it } from 'vitest';
import { noticeOf, type RefusalCode, refusals } from '../strategies/strategy.ts';
import { scenarios } from './support/refusal-scenarios.ts';

describe('each code of the table reaches a client', () => {
  it.each(Object.keys(refusals) as RefusalCode[])('%s', async (code) => {
    const notices = await scenarios[code]();
    expect(notices).toContainEqual(noticeOf(code));
    expect(new Set(notices.map((notice) => notice.code))).toEqual(new Set([code]));
  });
});
