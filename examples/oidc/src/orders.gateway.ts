import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { type Principal, Roles, User, WsManager } from 'nest-ws-auth-lab/gateways';

@WebSocketGateway({ namespace: '/orders' })
export class OrdersGateway extends WsManager {
  @SubscribeMessage('mine')
  mine(@User() user: Principal) {
    return { orders: [`the first order of ${user.subject}`] };
  }

  @Roles(['auditor'])
  @SubscribeMessage('all')
  all() {
    return { orders: ['every order'] };
  }
}
