import { type Audit, type RemoteAudit, type Topic, type TopicFile, topics } from './audit.ts';
import { loadFolder } from '../../strategies/shared/folder-registry.ts';

const files = await loadFolder<TopicFile>(new URL('../catalogue/', import.meta.url));

/** Every audit by its topic, found by folder: each file of `audits/catalogue/` exports some of one topic. */
export const catalogue: ReadonlyMap<Topic, readonly Audit[]> = new Map(
  topics.map((topic) => [topic, files.filter((file) => file.topic === topic).flatMap(({ audits: some }) => some)]),
);

export const audits: readonly Audit[] = [...catalogue.values()].flat();

/** The audits that can be run against a remote server. */
export const remoteAudits: readonly RemoteAudit[] = audits.filter(
  (audit): audit is RemoteAudit => audit.remote !== undefined,
);

/** What a report says of the audits that it holds, in the order of the catalogue. */
export const rowsOf = (chosen: readonly Audit[]) =>
  [...catalogue].flatMap(([topic, some]) =>
    some
      .filter((audit) => chosen.includes(audit))
      .map(({ id, level, promise, source }) => ({ id, topic, level, promise, ...(source && { source }) })),
  );
