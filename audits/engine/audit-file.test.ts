import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { auditReport } from '../../test/support/audit-report.ts';
import { AUDIT_SCHEMA_VERSION, AuditFileError, readAudit } from './audit-file.ts';

function fileWith(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'audit-file-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'audit.json');
  writeFileSync(path, text);
  return path;
}

describe('an audit file', () => {
  it('is read as it was written', () => {
    expect(readAudit(fileWith(JSON.stringify(auditReport())))).toEqual(auditReport());
  });

  it.each([1, 99])('of schema version %i is refused, with the command that makes it anew', (schemaVersion) => {
    const path = fileWith(JSON.stringify({ ...auditReport(), schemaVersion, command: 'npm run audit -- --only ban' }));
    expect(() => readAudit(path)).toThrow(
      new AuditFileError(
        `Cannot use the audit ${path}: it has schema version ${schemaVersion}, and this code reads version ${AUDIT_SCHEMA_VERSION} alone; run it again: npm run audit -- --only ban`,
      ),
    );
  });

  it('with a wrong field is refused, and the field is named', () => {
    const path = fileWith(JSON.stringify({ ...auditReport(), seconds: 'sixty' }));
    expect(() => readAudit(path)).toThrow(`Cannot use the audit ${path}: seconds: `);
  });

  it('that is cut off, or not there, is refused by its name', () => {
    expect(() => readAudit(fileWith('{"schemaVersion": 2, '))).toThrow(/: it is not JSON/);
    expect(() => readAudit('nowhere/audit.json')).toThrow('nowhere/audit.json: it cannot be opened');
  });
});
