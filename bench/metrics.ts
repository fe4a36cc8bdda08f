/** Every metric by its name: its unit, and which way is better. */
export const metrics = {
  'server-cpu-per-message': { unit: 'us', better: 'lower' },
  'messages-per-second': { unit: '1/s', better: 'higher' },
  'latency-p50': { unit: 'ms', better: 'lower' },
  'latency-p99': { unit: 'ms', better: 'lower' },
  'verify-time': { unit: 'us', better: 'lower' },
  'connects-per-second': { unit: '1/s', better: 'higher' },
  'handshake-p50': { unit: 'ms', better: 'lower' },
  'handshake-p99': { unit: 'ms', better: 'lower' },
  'server-cpu-per-connection': { unit: 'ms', better: 'lower' },
  'server-busy': { unit: '%', better: 'higher' },
  'rss-per-connection': { unit: 'KiB', better: 'lower' },
  'http-requests-per-second': { unit: '1/s', better: 'higher' },
  'accepted-after-expiry': { unit: 'ms', better: 'lower' },
  'delivered-after-expiry': { unit: 'ms', better: 'lower' },
  'accepted-after-revocation': { unit: 'ms', better: 'lower' },
  'delivered-after-revocation': { unit: 'ms', better: 'lower' },
  'accepted-after-downgrade': { unit: 'ms', better: 'lower' },
  'failed-messages': { unit: '', better: 'lower' },
  'lost-messages': { unit: '', better: 'lower' },
  'longest-gap': { unit: 'ms', better: 'lower' },
  renewals: { unit: '', better: 'lower' },
  reconnects: { unit: '', better: 'lower' },
  'ended-connections': { unit: '', better: 'lower' },
} as const satisfies Record<string, { unit: string; better: 'lower' | 'higher' }>;

export type MetricName = keyof typeof metrics;
