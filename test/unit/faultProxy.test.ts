/** The faulty network: what it does to a connection is exactly what a scenario asked for. */
import { afterEach, describe, expect, test } from '@jest/globals';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { eventually } from '../support/eventually.ts';
import { fairWeather, Proxy } from '../support/proxy.ts';

const ends: (() => void | Promise<void>)[] = [];
afterEach(async () => { for (const end of ends.splice(0).toReversed()) await end(); });

/** A server that answers every byte with itself, a proxy before it, and somebody who connects through that. */
async function line() {
  const server: Server = createServer((socket) => {
    served.push(socket);
    socket.on('error', () => socket.destroy());
    socket.pipe(socket);
  });
  const served: Socket[] = [];
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const proxy = await Proxy.start({ target: { host: '127.0.0.1', port: (server.address() as { port: number }).port } });
  ends.push(() => void server.close(), () => proxy.close());
  return { proxy, served, dial: () => dial(proxy.port) };
}
async function dial(port: number) {
  let heard = '';
  let failure: NodeJS.ErrnoException | undefined;
  let closed = false;
  const socket = connect(port, '127.0.0.1');
  socket.on('data', (data) => { heard += data.toString(); });
  socket.on('error', (error) => { failure = error; });
  socket.on('close', () => { closed = true; });
  ends.push(() => void socket.destroy());
  await eventually(() => expect(socket.connecting).toBe(false));
  return { socket, heard: () => heard, failure: () => failure?.code, closed: () => closed, hears: (text: string) => eventually(() => expect(heard).toBe(text)) };
}

describe('the proxy', () => {
  test('[FR3] passes on everything both ways, and the end of it', async () => {
    const { dial: call, served } = await line();
    const one = await call();
    one.socket.write('hello');
    await one.hears('hello');
    one.socket.end(' again');
    await one.hears('hello again');
    await eventually(() => expect([one.closed(), one.failure(), served[0]?.destroyed]).toEqual([true, undefined, true]));
  });

  test('[FR3] delays in order, and slows down', async () => {
    const { proxy, dial: call } = await line();
    const one = await call();
    proxy.weather = { ...fairWeather, latencyMs: 60, jitterMs: 50 };
    const begun = performance.now();
    for (const letter of 'abcdefgh') one.socket.write(letter);
    await one.hears('abcdefgh');
    expect(performance.now() - begun).toBeGreaterThan(15);
    proxy.weather = { ...fairWeather, bytesPerSecond: { up: undefined, down: 20_000 } };
    const slow = performance.now();
    one.socket.write('x'.repeat(4_000));
    await one.hears(`abcdefgh${'x'.repeat(4_000)}`);
    expect(performance.now() - slow).toBeGreaterThan(150);
  });

  test('[FR3] half-open: both sockets stay, nothing moves, and after healing all of it arrives', async () => {
    const { proxy, dial: call, served } = await line();
    const one = await call();
    one.socket.write('a');
    await one.hears('a');
    proxy.block();
    one.socket.write('b');
    served[0]?.end('c');
    const other = await call();
    other.socket.write('d');
    // A second line proves that time has passed for the first.
    const free = await line();
    const third = await free.dial();
    third.socket.write('e');
    await third.hears('e');
    expect([one.heard(), one.closed(), other.heard(), other.closed()]).toEqual(['a', false, '', false]);
    proxy.heal();
    await one.hears('ac');
    await other.hears('d');
  });

  test('[FR3] blocked one way: what is said arrives, the answer does not', async () => {
    const { proxy, dial: call, served } = await line();
    const one = await call();
    one.socket.write('a');
    await one.hears('a');
    proxy.block(['down']);
    let arrived = '';
    served[0]?.on('data', (data) => { arrived += data.toString(); });
    one.socket.write('b');
    await eventually(() => expect(arrived).toBe('b'));
    expect(one.heard()).toBe('a');
    proxy.heal();
    await one.hears('ab');
  });

  test('[FR3] cut after so many bytes, cut now, and nobody let in: a reset at both ends', async () => {
    const { proxy, dial: call, served } = await line();
    const one = await call();
    one.socket.write('abc');
    await one.hears('abc');
    for (const link of proxy.links) link.cutAfter(2, 'down');
    one.socket.write('defg');
    await one.hears('abcde');
    // Bytes and a reset that arrive together may read as a plain end.
    await eventually(() => expect([one.closed(), served[0]?.destroyed, proxy.links.size]).toEqual([true, true, 0]));
    const two = await call();
    two.socket.write('x');
    await two.hears('x');
    proxy.reset();
    await eventually(() => expect([two.failure(), served[1]?.destroyed]).toEqual(['ECONNRESET', true]));
    proxy.refuse();
    const three = await call();
    await eventually(() => expect(three.closed()).toBe(true));
    proxy.heal();
    const four = await call();
    four.socket.write('y');
    await four.hears('y');
  });
});
