import { type DynamicModule, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import type { Strategy } from '../strategies/strategy.ts';
import { AuthGuard } from './messages/auth.guard.ts';
import { Connections } from './connections/connections.ts';
import { Admission } from './handshake/admission.ts';
import { EarlyRefusals } from './handshake/early-refusals.ts';
import { EventLimits } from './messages/event-limits.ts';
import { HandshakeGate } from './handshake/handshake.gate.ts';
import type { WsAuthOptions } from './options/ws-auth-options.ts';
import { resolveOptions, WS_AUTH_OPTIONS } from './options/options.ts';
import { RenewalGate } from './connections/renewal.gate.ts';
import { RolesGuard } from './messages/roles.guard.ts';
import { Transports } from './transport/transports.ts';
import { UpgradeGate } from './transport/upgrade.gate.ts';

/** Authentication for every gateway of an app, by one strategy. */
@Module({})
export class WsAuthModule {
  /** @throws ConfigurationError where the secret is missing or short, or an option is none that could be meant */
  static with(strategy: Strategy, options: WsAuthOptions): DynamicModule {
    const resolved = resolveOptions(options, (variant) => strategy.variants[variant].supports.cookie);
    // Native clients may connect from any origin; pages may use the endpoints that set cookies from those listed alone.
    const origins = resolved.origins === 'any' ? [] : resolved.origins;
    return {
      module: WsAuthModule,
      global: true,
      imports: [strategy.module({ ...resolved, origins })],
      providers: [
        { provide: WS_AUTH_OPTIONS, useValue: resolved },
        Connections,
        Transports,
        UpgradeGate,
        EarlyRefusals,
        Admission,
        EventLimits,
        RenewalGate,
        HandshakeGate,
        { provide: APP_GUARD, useClass: AuthGuard },
        { provide: APP_GUARD, useClass: RolesGuard },
      ],
      exports: [Connections, HandshakeGate],
    };
  }
}
