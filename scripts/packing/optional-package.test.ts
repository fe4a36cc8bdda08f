import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { optionalPackage } from './optional-package.ts';

const require = createRequire(import.meta.url);
const missing = (name: string, version?: () => string) => () =>
  optionalPackage(name, () => require(name) as unknown, version);

it('returns a package that is installed', () => {
  expect(optionalPackage('redis', () => 'the package')).toBe('the package');
});

it('says how a package is installed that is not', () => {
  expect(missing('not-there')).toThrow('not-there is not installed: npm install not-there');
  expect(missing('@nestjs/not-there', () => '11.2.3')).toThrow(/npm install @nestjs\/not-there@11$/);
});

it('throws on what else goes wrong while a package is loaded', () => {
  const lacks = () => optionalPackage('redis', missing('what-it-needs'));
  expect(lacks).toThrow(/^what-it-needs is not installed/);
});
