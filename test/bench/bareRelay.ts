/** The physical limit: passes every frame on to everybody in the room, understands nothing and stores nothing. */
import { WebSocketServer, type WebSocket } from 'ws';
import { splitSection, withSection } from '../../shared/crdt/frame.ts';

const rooms = new Map<string, Set<WebSocket>>();
/** A sync reply that brings nothing: whoever asks for the state counts as having it. */
const nothing = Uint8Array.of(0, 1, 2, 0, 0);

const server = new WebSocketServer({ host: '127.0.0.1', port: Number(process.env['PORT']), perMessageDeflate: false });
server.on('connection', (socket, request) => {
  const name = request.url ?? '';
  const room = rooms.get(name) ?? new Set();
  rooms.set(name, room.add(socket));
  socket.on('close', () => room.delete(socket));
  socket.on('message', (data: Buffer) => {
    const split = splitSection(data);
    if (split?.frame[0] === 0 && split.frame[1] === 0) return socket.send(withSection(split.section, nothing));
    // The answer to somebody's question concerns nobody else.
    if (split?.frame[0] === 0 && split.frame[1] === 1) return;
    for (const other of room) other.send(data);
  });
});
server.on('listening', () => void process.stdout.write('relay is ready\n'));
process.on('SIGTERM', () => process.exit(0));
