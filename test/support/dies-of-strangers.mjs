// A gateway as many are: an asynchronous connection hook that does not catch. A client without a token ends the process.
import { createServer } from 'node:http';
import { Server } from 'socket.io';

const http = createServer();
const io = new Server(http);
const handleConnection = async (socket) => {
  if (socket.handshake.auth.token !== process.env.TOKEN) throw new Error('unauthorized');
};
io.on('connection', (socket) => {
  void handleConnection(socket);
  socket.on('status', (answer) => answer('open'));
});
http.listen(0, '127.0.0.1', () => process.send(`http://127.0.0.1:${http.address().port}`));
process.on('disconnect', () => process.exit());
