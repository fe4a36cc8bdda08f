import { MessageBody, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { IsString, MaxLength } from 'class-validator';
import { type Principal, User, WsManager } from 'nest-ws-auth-lab/gateways';

class MessageDto {
  @IsString()
  @MaxLength(500)
  text: string;
}

@WebSocketGateway({ namespace: '/chat' })
export class ChatGateway extends WsManager {
  @SubscribeMessage('message')
  message(@MessageBody() { text }: MessageDto, @User() user: Principal) {
    return { from: user.subject, text };
  }
}
