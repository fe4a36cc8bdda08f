import { describe, expect, it } from 'vitest';
import type { Check, ServerFinding, ServerReport } from '../remote/verdict/report.ts';
import { withSource } from './attach.ts';
import { lookThrough } from './source.ts';

const gateway = (namespace: string): string => `
import { UseGuards } from '@nestjs/common';
import { WebSocketGateway } from '@nestjs/websockets';
@WebSocketGateway({ namespace: '${namespace}' })
export class ChatGateway {
  @UseGuards(WsGuard)
  handleConnection() {}
}`;

const found = (id: ServerFinding['id'], severity: ServerFinding['severity']): ServerFinding => ({
  id,
  severity,
  seen: 'seen',
  checks: [],
  evidence: ['> 40'],
  reproduce: 'x',
  fingerprint: id,
});
const kept = (id: string): Check => ({ id, group: '', question: 'connect', state: 'kept', note: '' });

/** The findings of a run in the namespace /chat, with a gateway whose hook has a guard. */
function findingsOf(of: Partial<ServerReport>, source = gateway('chat')): readonly ServerFinding[] {
  const report: ServerReport = {
    url: 'http://127.0.0.1',
    namespace: '/chat',
    platform: 'socket.io',
    transport: 'websocket',
    control: '',
    checks: [],
    findings: [],
    seconds: 1,
    ...of,
  };
  const { files, gateways, faults } = lookThrough([{ path: 'a.ts', text: source }], 'src');
  return withSource(report, { folder: 'src', files, gateways, faults, unread: [] }).findings;
}

describe('a fault of the source', () => {
  it('is told at the finding of a probe with the same cause, and not again', () => {
    const findings = findingsOf({ findings: [found('root-open', 'info'), found('stranger-receives', 'high')] });
    expect(findings.map(({ id }) => id)).toEqual(['stranger-receives', 'root-open']);
    expect(findings[0]!.places).toEqual([
      { file: 'src/a.ts', line: 6, column: 4, seen: 'Nest does not ask the guard of handleConnection.' },
    ]);
  });

  it('is a finding of its own where no probe has found its cause, or of another namespace', () => {
    expect(findingsOf({}).map(({ id, severity }) => `${severity} ${id}`)).toEqual(['high guard-on-hook']);
    const other = findingsOf({ findings: [found('stranger-stays', 'low')] }, gateway('other'));
    expect(other.map(({ id }) => id)).toEqual(['guard-on-hook', 'stranger-stays']);
  });

  it('weighs nothing if the probes show that it has no effect, in its namespace', () => {
    const checks = [kept('connect/none'), kept('connect/arbitrary')];
    expect(findingsOf({ checks })[0]).toMatchObject({
      severity: 'info',
      seen: expect.stringMatching(
        /The probes saw no effect of it \(kept: connect\/none, connect\/arbitrary\)/,
      ) as string,
    });
    expect(findingsOf({ checks: checks.slice(1) })[0]).toMatchObject({ severity: 'high' });
    expect(findingsOf({ checks }, gateway('other'))[0]).toMatchObject({ severity: 'high' });
  });

  it('keeps its fingerprint when other lines move, and has another in another file', () => {
    const [before] = findingsOf({});
    const [after] = findingsOf({}, `\n\n${gateway('chat')}`);
    expect(after!.places![0]!.line).toBe(before!.places![0]!.line + 2);
    expect(after!.fingerprint).toBe(before!.fingerprint);
  });
});
