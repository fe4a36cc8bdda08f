import { Controller, type ExecutionContext, HttpCode, Injectable, Post, Req, UseGuards } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import type { Request } from 'express';

@Injectable()
class LoginGuard extends AuthGuard('local') {
  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const passed = (await super.canActivate(context)) as boolean;
    await super.logIn(context.switchToHttp().getRequest<Request>());
    return passed;
  }
}

@Controller()
export class AuthController {
  @Post('login')
  @UseGuards(LoginGuard)
  @HttpCode(204)
  login(): void {}

  @Post('logout')
  @HttpCode(204)
  logout(@Req() request: Request): Promise<void> {
    return new Promise((done, failed) => request.session.destroy((error) => (error ? failed(error) : done())));
  }
}
