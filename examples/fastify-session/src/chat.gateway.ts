import { MessageBody, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { type Principal, User, WsManager } from 'nest-ws-auth-lab/gateways';

@WebSocketGateway({ namespace: '/chat' })
export class ChatGateway extends WsManager {
  @SubscribeMessage('message')
  message(@MessageBody() text: string, @User() user: Principal) {
    return { from: user.subject, text };
  }

  @SubscribeMessage('session')
  session(@User() { sessionId }: Principal) {
    return { sessionId };
  }
}
