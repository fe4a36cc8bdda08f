import type { IncomingMessage } from 'node:http';
import { Logger } from '@nestjs/common';
import { expect, it, onTestFinished, vi } from 'vitest';
import { clientsBy, peerAddress } from '../../../gateways/limits/addresses.ts';

it('the client of a request is read once, and addresses of one IPv6 /64 are one network', () => {
  let reads = 0;
  const clientOf = clientsBy(({ headers }) => ((reads += 1), String(headers['x-real-ip'])));
  const from = (address: string) => ({ headers: { 'x-real-ip': address } }) as unknown as IncomingMessage;
  const request = from('2001:db8::1');
  expect(clientOf(request)).toBe(clientOf(request));
  expect(reads).toBe(1);
  expect(clientOf(from('2001:db8:0:0:ffff::1')).network).toBe(clientOf(request).network);
  expect(clientOf(from('2001:db8:0:1::1')).network).not.toBe(clientOf(request).network);
  expect(clientOf(from('::ffff:192.0.2.1')).network).toBe('192.0.2.1');
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
