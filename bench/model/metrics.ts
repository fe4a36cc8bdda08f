/** How a metric is read. */
export interface Metric {
  /** Such as `us`; empty where the figure is a count or a share of one. */
  readonly unit: string;
  readonly better: 'lower' | 'higher';
}

/** A metric's name. A suite declares those that only it measures; these are measured by several. */
export type MetricName = string;

export const sharedMetrics: Readonly<Record<MetricName, Metric>> = {
  'server-cpu-per-message': { unit: 'us', better: 'lower' },
  'messages-per-second': { unit: '1/s', better: 'higher' },
  'young-generation': { unit: 'MiB', better: 'higher' },
  'scavenges-per-megabyte': { unit: '', better: 'lower' },
  'connects-per-second': { unit: '1/s', better: 'higher' },
  'server-cpu-per-connection': { unit: 'ms', better: 'lower' },
  'server-cpu-per-renewal': { unit: 'ms', better: 'lower' },
  'admitted-elsewhere': { unit: '%', better: 'higher' },
  renewals: { unit: '', better: 'lower' },
  reconnects: { unit: '', better: 'lower' },
};
