import { Body, Controller, HttpCode, Post, UnauthorizedException } from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { IsString } from 'class-validator';
import { Public } from './public.decorator.js';
import { UsersService } from './users.service.js';

class LoginDto {
  @IsString()
  username: string;

  @IsString()
  password: string;
}

@Controller('auth')
export class AuthController {
  constructor(
    private readonly users: UsersService,
    private readonly jwt: JwtService,
  ) {}

  @Public()
  @Post('login')
  @HttpCode(200)
  async login(@Body() { username, password }: LoginDto): Promise<{ access_token: string }> {
    const user = await this.users.withPassword(username, password);
    if (user === null) throw new UnauthorizedException();
    return { access_token: await this.jwt.signAsync({ sub: user.id, username, roles: user.roles }) };
  }
}
