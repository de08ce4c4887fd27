/**
 * The limit for anything honest: keeps every update in an append-only table of PostgreSQL, one group commit at a time, and shows and
 * acknowledges nothing before its commit. It has no documents and judges nothing: bytes in, the same bytes out, merged.
 */
import pg from 'pg';
import { WebSocketServer, type WebSocket } from 'ws';
import { decodeFromClient, encodeFrame, splitSection, withSection, type ServerFrame } from '../../shared/crdt/frame.ts';
import { mergeAll } from './merging.ts';

interface Update { readonly room: Room; readonly section: string; readonly bytes: Uint8Array }
interface Barrier { readonly socket: WebSocket; readonly section: string; readonly number: number }
interface Room {
  readonly name: string;
  readonly sockets: Set<WebSocket>;
  /** What is committed of each section, as it was read and as it came. */
  readonly sections: Promise<Map<string, Uint8Array[]>>;
}

/** Rows of a section that are merged into one when they are read, so that the next reader finds one. */
const mergedFrom = 200;

const pool = new pg.Pool({ connectionString: process.env['DATABASE_URL'], max: 4 });
await pool.query(`CREATE TABLE IF NOT EXISTS log (id bigserial PRIMARY KEY, room text NOT NULL, section text NOT NULL, bytes bytea NOT NULL);
  CREATE INDEX IF NOT EXISTS log_of_room ON log (room, id);
  CREATE TABLE IF NOT EXISTS merged (room text, section text, up_to bigint NOT NULL, bytes bytea NOT NULL, PRIMARY KEY (room, section))`);

const rooms = new Map<string, Room>();
let updates: Update[] = [];
let barriers: Barrier[] = [];
let committing = false;

const say = (socket: WebSocket, section: string, frame: ServerFrame): void => socket.send(withSection(section, encodeFrame(frame)));

async function commit(): Promise<void> {
  if (committing) return;
  committing = true;
  while (updates.length + barriers.length > 0) {
    const [rows, waiting] = [updates, barriers];
    updates = [];
    barriers = [];
    if (rows.length > 0) {
      await pool.query('INSERT INTO log (room, section, bytes) SELECT * FROM unnest($1::text[], $2::text[], $3::bytea[])',
        [rows.map(({ room }) => room.name), rows.map(({ section }) => section), rows.map(({ bytes }) => bytes)]);
    }
    for (const [room, sections] of grouped(rows)) {
      const known = await room.sections;
      for (const [section, bytes] of sections) {
        const update = mergeAll(bytes);
        const parts = known.get(section) ?? [];
        known.set(section, parts);
        parts.push(update);
        const frame = withSection(section, encodeFrame({ kind: 'update', update }));
        for (const socket of room.sockets) socket.send(frame);
      }
    }
    for (const { socket, section, number } of waiting) say(socket, section, { kind: 'barrier-answer', number, position: 0 });
  }
  committing = false;
}

function grouped(rows: readonly Update[]): Map<Room, Map<string, Uint8Array[]>> {
  const groups = new Map<Room, Map<string, Uint8Array[]>>();
  for (const { room, section, bytes } of rows) {
    const sections = groups.get(room) ?? new Map<string, Uint8Array[]>();
    groups.set(room, sections);
    const list = sections.get(section) ?? [];
    sections.set(section, list);
    list.push(bytes);
  }
  return groups;
}

/** Everything of a room: what was merged before, and the rows since. A long tail is merged for good. */
async function read(name: string): Promise<Map<string, Uint8Array[]>> {
  const { rows: merged } = await pool.query<{ section: string; up_to: string; bytes: Buffer }>('SELECT section, up_to, bytes FROM merged WHERE room = $1', [name]);
  const upTo = merged.reduce((most, row) => Math.max(most, Number(row.up_to)), 0);
  const { rows: tail } = await pool.query<{ id: string; section: string; bytes: Buffer }>('SELECT id, section, bytes FROM log WHERE room = $1 AND id > $2 ORDER BY id', [name, upTo]);
  const sections = new Map<string, Uint8Array[]>(merged.map((row) => [row.section, [row.bytes]]));
  for (const row of tail) {
    const parts = sections.get(row.section) ?? [];
    sections.set(row.section, parts);
    parts.push(row.bytes);
  }
  if (tail.length < mergedFrom) return sections;
  const whole = [...sections].map(([section, parts]) => [section, mergeAll(parts)] as const);
  await pool.query(`INSERT INTO merged SELECT $1, * FROM unnest($2::text[], $3::bigint[], $4::bytea[]) ON CONFLICT (room, section) DO UPDATE SET up_to = excluded.up_to, bytes = excluded.bytes`,
    [name, whole.map(([section]) => section), whole.map(() => tail.at(-1)?.id), whole.map(([, bytes]) => bytes)]);
  return new Map(whole.map(([section, bytes]) => [section, [bytes]]));
}

function enter(name: string, socket: WebSocket): Room {
  const room = rooms.get(name) ?? { name, sockets: new Set<WebSocket>(), sections: read(name) };
  rooms.set(name, room);
  room.sockets.add(socket);
  socket.on('close', () => {
    room.sockets.delete(socket);
    if (room.sockets.size === 0) rooms.delete(name);
  });
  return room;
}

const server = new WebSocketServer({ host: '127.0.0.1', port: Number(process.env['PORT']), perMessageDeflate: false });
server.on('connection', (socket, request) => {
  const room = enter((request.url ?? '').split('/').at(-1) ?? '', socket);
  socket.on('message', (data: Buffer) => {
    const split = splitSection(data);
    for (const frame of (split && decodeFromClient(split.frame)) ?? []) {
      const section = split?.section ?? '';
      if (frame.kind === 'update') updates.push({ room, section, bytes: frame.update });
      if (frame.kind === 'barrier') barriers.push({ socket, section, number: frame.number });
      if (frame.kind === 'awareness') for (const other of room.sockets) if (other !== socket) other.send(data);
      if (frame.kind === 'step1') void room.sections.then((known) => say(socket, section, { kind: 'step2', update: mergeAll(known.get(section) ?? []) }));
    }
    void commit();
  });
});
server.on('listening', () => void process.stdout.write('relay is ready\n'));
process.on('SIGTERM', () => process.exit(0));
