import { randomUUID, type KeyObject } from 'node:crypto';
import {
  Body,
  Controller,
  type DynamicModule,
  HttpCode,
  HttpException,
  Inject,
  Module,
  type OnModuleInit,
  Post,
} from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import jwt from 'jsonwebtoken';
import { WS_AUTH_OPTIONS, type ResolvedOptions } from '../../gateways/options/options.ts';
import { WsAuthService } from '../../gateways/ws-auth.service.ts';
import type { AppOptions } from '../../harness/app/app.ts';
import { bearer, oidc } from '../../strategies/shared/access-tokens/index.ts';
import type { User } from '../../strategies/shared/accounts/directory.ts';
import { hmacKey } from '../../strategies/shared/tokens/key-ring.ts';
import { noticeOf, type RefusalCode, type TokenVerifier } from '../../strategies/strategy.ts';
import { OidcProvider } from './oidc-provider.ts';

/** The kinds of access tokens that the kit verifies here: who issues them, and their format. */
export const tokenKinds = ['own JWT', 'RS256 by JWKS', 'ES256 by JWKS', 'opaque'] as const;
export type TokenKind = (typeof tokenKinds)[number];

/** A sign-in, as the application keeps it. */
interface SignIn {
  readonly id: string;
  readonly subject: string;
  readonly endsAt: number;
}

const AUDIENCE = 'chat';
const ISSUER = 'https://login.example';

/**
 * An application that signs its users in itself and issues the access tokens. It has the endpoints `POST /own/login`,
 * `/own/token` and `/own/logout`. The kit has no endpoints.
 */
export class ExternalIssuer {
  readonly #kind: TokenKind;
  readonly #provider: OidcProvider | undefined;
  readonly #opaque = new Map<string, object>();
  readonly #signIns = new Map<string, SignIn>();
  #key: KeyObject | undefined;
  #options: ResolvedOptions | undefined;

  private constructor(kind: TokenKind, provider: OidcProvider | undefined) {
    this.#kind = kind;
    this.#provider = provider;
  }

  static async start(kind: TokenKind): Promise<ExternalIssuer> {
    if (!kind.endsWith('JWKS')) return new ExternalIssuer(kind, undefined);
    const provider = await OidcProvider.start();
    await provider.addKey(kind.slice(0, 5));
    return new ExternalIssuer(kind, provider);
  }

  async stop(): Promise<void> {
    await this.#provider?.stop();
  }

  /** The options of an application with this login. The secret of the application signs the tokens of the kind `own JWT`. */
  optionsOf(given: AppOptions): AppOptions {
    return { ...given, accessTokens: this.#verifier(), imports: [LoginModule.of(this)] };
  }

  /** The application calls this when it starts. */
  use(options: ResolvedOptions): void {
    this.#options = options;
    if (options.secret !== undefined) this.#key = hmacKey(options.secret).sign;
    // A new password or a ban ends the sign-ins too, not only the tokens.
    options.directory?.onChange(({ subject, kind }) => {
      if (kind === 'password' || kind === 'banned') this.#endAll(subject);
    });
  }

  async signIn({ username, password }: { username: string; password: string }): Promise<Issued> {
    const { clock, directory, lifetimes } = this.#running();
    const user = await directory?.verifyPassword(username, password);
    if (user === undefined) throw refusal('unauthenticated');
    if (user.banned) throw refusal('banned');
    const signIn = { id: randomUUID(), subject: user.subject, endsAt: clock.now() + lifetimes.absolute };
    this.#signIns.set(signIn.id, signIn);
    return this.#issue(signIn, user);
  }

  async renew(id: string): Promise<Issued> {
    const { clock, directory } = this.#running();
    const signIn = this.#signIns.get(id);
    if (signIn === undefined) throw refusal('revoked');
    if (signIn.endsAt <= clock.now()) throw refusal('expired');
    const user = await directory?.find(signIn.subject);
    if (user === undefined || user.banned) throw refusal('banned');
    return this.#issue(signIn, user);
  }

  /** Ends one sign-in, or all sign-ins of its user. Returns what the kit must revoke. */
  signOut(id: string, everywhere: boolean): { subject: string; sessionId?: string } | undefined {
    const signIn = this.#signIns.get(id);
    if (signIn === undefined) return undefined;
    const { subject } = signIn;
    if (everywhere) this.#endAll(subject);
    this.#signIns.delete(id);
    return everywhere ? { subject } : { subject, sessionId: id };
  }

  #endAll(subject: string): void {
    for (const signIn of this.#signIns.values()) if (signIn.subject === subject) this.#signIns.delete(signIn.id);
  }

  async #issue({ id, endsAt }: SignIn, { subject, roles }: User): Promise<Issued> {
    const { clock, lifetimes } = this.#running();
    const now = clock.now();
    const expiresAt = Math.min(now + lifetimes.accessToken, endsAt);
    const claims = { sub: subject, roles, sid: id, jti: randomUUID(), iat: now / 1000, exp: expiresAt / 1000 };
    return { signIn: id, accessToken: await this.#sign(claims), expiresAt };
  }

  async #sign(claims: object): Promise<string> {
    if (this.#provider !== undefined) return this.#provider.token(claims);
    if (this.#kind === 'own JWT')
      return jwt.sign(claims, this.#key!, { algorithm: 'HS256', issuer: ISSUER, audience: AUDIENCE });
    const token = `${randomUUID()}${randomUUID()}`.replaceAll('-', '');
    this.#opaque.set(token, claims);
    return token;
  }

  #verifier(): TokenVerifier {
    if (this.#provider !== undefined) return oidc({ issuer: this.#provider.issuer, audience: AUDIENCE, typ: 'at+jwt' });
    if (this.#kind === 'opaque') return bearer({ verify: (token) => this.#opaque.get(token) });
    return bearer({
      verify: (token) =>
        jwt.verify(token, this.#key!, {
          algorithms: ['HS256'],
          issuer: ISSUER,
          audience: AUDIENCE,
          clockTimestamp: this.#running().clock.now() / 1000,
        }),
    });
  }

  #running(): ResolvedOptions {
    if (this.#options === undefined) throw new TypeError('Cannot issue tokens before the application has started');
    return this.#options;
  }
}

export interface Issued {
  /** The id of the sign-in. The client sends it to get the next token. */
  readonly signIn: string;
  readonly accessToken: string;
  /** ms since the epoch */
  readonly expiresAt: number;
}

const refusal = (code: RefusalCode): HttpException => new HttpException(noticeOf(code), 401);

@Controller('own')
class LoginController implements OnModuleInit {
  constructor(
    @Inject(ExternalIssuer) private readonly issuer: ExternalIssuer,
    @Inject(WsAuthService) private readonly auth: WsAuthService,
    @Inject(ModuleRef) private readonly modules: ModuleRef,
  ) {}

  onModuleInit(): void {
    this.issuer.use(this.modules.get<ResolvedOptions>(WS_AUTH_OPTIONS, { strict: false }));
  }

  @Post('login')
  @HttpCode(200)
  login(@Body() body: { username: string; password: string }): Promise<Issued> {
    return this.issuer.signIn(body);
  }

  @Post('token')
  @HttpCode(200)
  token(@Body() { signIn }: { signIn: string }): Promise<Issued> {
    return this.issuer.renew(signIn);
  }

  @Post('logout')
  @HttpCode(204)
  async logout(@Body() { signIn, everywhere = false }: { signIn: string; everywhere?: boolean }): Promise<void> {
    const revoked = this.issuer.signOut(signIn, everywhere);
    if (revoked !== undefined) await this.auth.revoke(revoked);
  }
}

@Module({})
class LoginModule {
  static of(issuer: ExternalIssuer): DynamicModule {
    return {
      module: LoginModule,
      controllers: [LoginController],
      providers: [{ provide: ExternalIssuer, useValue: issuer }],
    };
  }
}
