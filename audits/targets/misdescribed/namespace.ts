import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { nest } from '../shared/nest.ts';
import { target } from '../shared/target.ts';
import { issue } from '../shared/tokens.ts';

@WebSocketGateway({ namespace: '/chat' })
class ChatGateway {
  @SubscribeMessage('say')
  say(): string {
    return 'said';
  }
}

export default target({
  title: 'no authentication, and a misspelt namespace in the description',
  finds: [],
  fails:
    /not admitted to \S+ \(path \/socket\.io\/, namespace \/caht, \w+\).*No gateway has this namespace: change "namespace"/,
  serve: async () => ({
    url: await nest([ChatGateway]),
    description: { namespace: '/caht', credential: { valid: { env: 'VALID' } }, event: { event: 'say' } },
    environment: { VALID: issue() },
  }),
});
