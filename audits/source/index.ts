/** The look at the source of a server. */
export { reportOf, withSource } from './attach.ts';
export { auditSource } from './source.ts';
