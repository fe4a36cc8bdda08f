import {
  Body,
  type CanActivate,
  Controller,
  type ExecutionContext,
  Get,
  Inject,
  Injectable,
  Module,
  Post,
  Req,
  SetMetadata,
  UnauthorizedException,
  UseGuards,
} from '@nestjs/common';
import { type AbstractHttpAdapter, APP_GUARD, Reflector } from '@nestjs/core';
import { JwtModule, JwtService, type JwtSignOptions } from '@nestjs/jwt';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { ManualClock } from '../../harness/app/manual-clock.ts';
import { HttpAuthGuard } from '../../strategies/shared/tokens/http-auth.guard.ts';
import type { WsAuthOptions } from '../../gateways/options/ws-auth-options.ts';
import { User } from '../../gateways/principal.ts';
import { WsAuthModule } from '../../gateways/ws-auth.module.ts';
import { WsAuthService } from '../../gateways/ws-auth.service.ts';
import { WsManager } from '../../gateways/ws-manager.ts';
import { bearer, fromAuth, fromHeader } from '../../strategies/shared/access-tokens/index.ts';
import { type Principal, type Strategy } from '../../strategies/strategy.ts';
import { serve } from './served-app.ts';
import { TestClient } from './test-client.ts';

/** An application as people write it: a login of its own, a global guard, a service that knows who is active. */
const Public = () => SetMetadata('isPublic', true);

@Injectable()
class Users {
  readonly inactive = new Set<string>();
  isActive = (subject: string): boolean | undefined => !this.inactive.has(subject);
}

const secondsOf = (clock: ManualClock): number => Math.floor(clock.now() / 1000);

@Controller('auth')
class LoginController {
  constructor(
    @Inject(JwtService) private readonly jwt: JwtService,
    @Inject(ManualClock) private readonly clock: ManualClock,
  ) {}

  @Public()
  @Post('login')
  async login(@Body() { username }: { username: string }): Promise<{ access_token: string }> {
    const iat = secondsOf(this.clock);
    return { access_token: await this.jwt.signAsync({ sub: username, username, roles: ['user'], iat }) };
  }
}

@Injectable()
class GlobalGuard implements CanActivate {
  constructor(@Inject(Reflector) private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    if (context.getType() !== 'http') return true;
    if (this.reflector.getAllAndOverride<boolean>('isPublic', [context.getHandler(), context.getClass()])) return true;
    throw new UnauthorizedException();
  }
}

@Controller('account')
class AccountController {
  @Public()
  @UseGuards(HttpAuthGuard)
  @Get()
  whoAmI(@Req() { user }: { user: Principal }) {
    return { subject: user.subject, roles: user.roles };
  }
}

@WebSocketGateway({ namespace: '/account' })
class AccountGateway extends WsManager {
  @SubscribeMessage('whoami')
  whoAmI(@User() { subject, roles }: Principal) {
    return { subject, roles };
  }
}

@Module({ providers: [Users], exports: [Users] })
class UsersModule {}

/** The application on port 0, with a clock of its own: a busy machine ends no token early. */
export async function start(
  strategy: Strategy,
  secret?: string,
  platform?: AbstractHttpAdapter,
  own: Partial<WsAuthOptions> = {},
) {
  const clock = new ManualClock();

  @Module({
    imports: [
      JwtModule.register({ global: true, secret: 'the secret of the application', signOptions: { expiresIn: '1h' } }),
      WsAuthModule.forRootAsync({
        strategy,
        http: false,
        imports: [UsersModule],
        inject: [JwtService, Users],
        useFactory: (jwt: JwtService, users: Users) => ({
          secret,
          clock,
          accessTokens: bearer({
            verify: (token) => jwt.verifyAsync<{ sub: string }>(token, { clockTimestamp: secondsOf(clock) }),
            check: ({ subject }) => users.isActive(subject) as boolean,
          }),
          extractToken: [fromAuth('token'), fromHeader()],
          ...own,
        }),
      }),
      UsersModule,
    ],
    controllers: [LoginController, AccountController],
    providers: [
      AccountGateway,
      { provide: APP_GUARD, useClass: GlobalGuard },
      { provide: ManualClock, useValue: clock },
    ],
  })
  class AppModule {}
  const { app, url } = await serve(AppModule, platform && { platform });
  const jwt = app.get(JwtService);
  return {
    app,
    url,
    clock,
    users: app.get(Users),
    auth: app.get(WsAuthService),
    /** An access token of the application, issued now unless `claims` tell otherwise. */
    sign(claims: object, options: JwtSignOptions = {}): Promise<string> {
      const issued = options.noTimestamp === true ? {} : { iat: secondsOf(clock) };
      return jwt.signAsync({ sub: 'ann', roles: ['user'], ...issued, ...claims }, options);
    },
    async login(username: string): Promise<string> {
      const response = await fetch(`${url}/auth/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ username }),
      });
      return ((await response.json()) as { access_token: string }).access_token;
    },
    connect: (auth: object, headers?: Record<string, string>) => new TestClient(`${url}/account`, auth, headers),
  };
}
