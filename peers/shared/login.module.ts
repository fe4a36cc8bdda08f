import {
  Body,
  Controller,
  type DynamicModule,
  HttpCode,
  Inject,
  Module,
  Post,
  UnauthorizedException,
} from '@nestjs/common';
import { JwtModule, JwtService } from '@nestjs/jwt';
import { ChatService } from '../../gateways/example/chat.service.ts';
import type { PeerOptions } from '../peer.ts';

export const PEER_OPTIONS = Symbol('PeerOptions');

@Controller('auth')
class LoginController {
  constructor(
    @Inject(PEER_OPTIONS) private readonly options: PeerOptions,
    @Inject(JwtService) private readonly jwt: JwtService,
  ) {}

  @HttpCode(200)
  @Post('login')
  async login(@Body() body: { username: string; password: string }): Promise<{ token: string }> {
    const user = await this.options.directory.verifyPassword(body.username, body.password);
    if (user === undefined) throw new UnauthorizedException();
    return { token: await this.jwt.signAsync({ sub: user.subject, roles: user.roles }) };
  }
}

/** What the peers on Nest have in common: @nestjs/jwt as its README sets it up, the sign-in, and the chat. */
@Module({})
export class LoginModule {
  static with(options: PeerOptions): DynamicModule {
    const signOptions = { expiresIn: `${options.lifetime}ms` } as const;
    return {
      module: LoginModule,
      imports: [JwtModule.register({ secret: options.secret, signOptions })],
      controllers: [LoginController],
      providers: [{ provide: PEER_OPTIONS, useValue: options }, ChatService],
      exports: [JwtModule, PEER_OPTIONS, ChatService],
    };
  }
}
