import { Counter, Histogram, Registry } from 'prom-client';
import { type RefusalCode, refusals } from '../strategy.ts';

/**
 * What an operator watches, in a registry of its own: expose it where your metrics are, `LeaseMetrics` is exported by the
 * strategy's module. Labels hold codes alone.
 */
export class LeaseMetrics {
  readonly registry = new Registry();
  readonly #renewals = new Counter({
    name: 'ws_auth_lease_renewals_total',
    help: 'Leases that were renewed on their connection',
    registers: [this.registry],
  });
  readonly #refusals = new Counter({
    name: 'ws_auth_lease_refusals_total',
    help: 'Connects and renewals that were refused, by code and by what that tells the client',
    labelNames: ['at', 'code', 'action'],
    registers: [this.registry],
  });
  readonly #ended = new Counter({
    name: 'ws_auth_leases_ended_total',
    help: 'Connections that were cut since nobody renewed their lease; ideally 0',
    registers: [this.registry],
  });
  readonly #latency = new Histogram({
    name: 'ws_auth_lease_renewal_seconds',
    help: 'From the arrival of a renewal to its answer',
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [this.registry],
  });

  refused(at: 'connect' | 'renewal', code: RefusalCode): void {
    this.#refusals.inc({ at, code, action: refusals[code].action });
  }

  /** A renewal has arrived; call what is returned once it has succeeded. */
  renewing(): () => void {
    const observe = this.#latency.startTimer();
    return () => {
      observe();
      this.#renewals.inc();
    };
  }

  ended(): void {
    this.#ended.inc();
  }
}
