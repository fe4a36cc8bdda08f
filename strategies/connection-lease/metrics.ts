import { Counter, Histogram, Registry } from 'prom-client';
import { refusals } from '../strategy.ts';
import type { LeaseEvents } from './lease-events.ts';

/**
 * Counts what happens to leases, in a registry of prom-client. Labels hold codes alone.
 *
 * @param registry your registry, or a new one by default
 * @returns the registry, to expose where your other metrics are
 * @example const registry = leaseMetrics(app.get(LeaseEvents, { strict: false }));
 */
export function leaseMetrics(events: LeaseEvents, registry = new Registry()): Registry {
  const registers = [registry];
  const renewals = new Counter({
    name: 'ws_auth_lease_renewals_total',
    help: 'Leases that were renewed on their connection',
    registers,
  });
  const refused = new Counter({
    name: 'ws_auth_lease_refusals_total',
    help: 'Connects and renewals that were refused, by code and by what that tells the client',
    labelNames: ['at', 'code', 'action'],
    registers,
  });
  const ended = new Counter({
    name: 'ws_auth_leases_ended_total',
    help: 'Connections that were cut since nobody renewed their lease; ideally 0',
    registers,
  });
  const latency = new Histogram({
    name: 'ws_auth_lease_renewal_seconds',
    help: 'From the arrival of a renewal to its answer',
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers,
  });
  events.watch({
    refused: (at, code) => refused.inc({ at, code, action: refusals[code].action }),
    renewing: () => {
      const observe = latency.startTimer();
      return () => {
        observe();
        renewals.inc();
      };
    },
    ended: () => ended.inc(),
  });
  return registry;
}
