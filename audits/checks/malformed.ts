/** Credentials of wrong types and sizes, none of which any server may admit. */
export const malformedCredentials: readonly unknown[] = [
  null, 0, true, [], {}, '', 'Bearer', 'a.b.c', ['a.b.c'], { toString: 'x' }, '../etc/passwd', '\u0000', 'x'.repeat(20_000),
  'eyJhbGciOiJub25lIn0.eyJzdWIiOiJ1c2VyLTEifQ.',
]; // prettier-ignore
