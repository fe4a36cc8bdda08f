import type { IncomingMessage } from 'node:http';
import { Logger } from '@nestjs/common';
import { expect, it, onTestFinished, vi } from 'vitest';
import { AddressCounter, peerAddress } from '../../gateways/addresses.ts';

it('addresses of one IPv6 network count as one, and an IPv4 one counts the same however it is written', () => {
  const counter = new AddressCounter();
  for (const address of ['2001:db8::1', '2001:db8::2', '192.0.2.1', '::ffff:192.0.2.1']) counter.add(address);
  expect(counter.of('2001:db8:0:0:ffff::1')).toBe(2);
  expect(counter.of('2001:db8:0:1::1')).toBe(0);
  expect(counter.of('192.0.2.1')).toBe(2);
  counter.remove('2001:db8::2');
  expect(counter.of('2001:db8::1')).toBe(1);
});

it('an app behind a proxy that does not say whom to count is warned, once', () => {
  const warn = vi.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
  onTestFinished(() => warn.mockRestore());
  const addressOf = peerAddress();
  const request = (headers: object) => ({ headers, socket: { remoteAddress: '192.0.2.1' } }) as IncomingMessage;
  expect(addressOf(request({}))).toBe('192.0.2.1');
  expect(warn).not.toHaveBeenCalled();
  for (let time = 0; time < 3; time++) expect(addressOf(request({ 'x-forwarded-for': 'canary' }))).toBe('192.0.2.1');
  expect(warn).toHaveBeenCalledTimes(1);
  expect(String(warn.mock.calls[0])).toMatch(/addressOf/);
  expect(String(warn.mock.calls[0])).not.toContain('canary');
});
