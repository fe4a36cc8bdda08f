import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { certificate, key } from '../shared/certificate.ts';
import { target, unasked } from '../shared/target.ts';
import { issue, verify } from '../shared/tokens.ts';

export default target({
  title: 'TLS with a certificate of its own authority',
  finds: [],
  untold: [...unasked, /^receive\//],
  serve: async () => {
    const https = createServer({ cert: certificate, key });
    const io = new Server(https);
    io.use((socket, next) => {
      try {
        verify(socket.handshake.auth['token']);
        next();
      } catch (error) {
        next(error as Error);
      }
    });
    io.on('connection', (socket) => socket.on('time', (answer: (iso: string) => void) => answer('2026-01-01')));
    https.listen(0, '127.0.0.1');
    await once(https, 'listening');
    return {
      url: `https://127.0.0.1:${(https.address() as AddressInfo).port}`,
      description: {
        tls: { anyCertificate: true },
        credential: { valid: { env: 'VALID' } },
        event: { event: 'time' },
      },
      environment: { VALID: issue() },
    };
  },
});
