/** Attempts with Socket.IO packets on a meeting: names, attachments, numbers, namespaces, rooms, nonsense, and claims to be the service. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import { meetingState, type MeetingState } from '../../shared/wire/meetings.ts';
import { makeAttackStand, type AttackStand, type Who } from '../support/attackStand.ts';
import { eventually } from '../support/eventually.ts';

let stand: AttackStand;
let meetingId: string;
beforeAll(async () => {
  stand = await makeAttackStand();
  const made = await stand.as('coordinator').post('/api/meetings', { title: 'Elm MDT', startsAt: new Date(Date.now() + 60_000).toISOString(), planIds: [stand.planId] });
  expect(made.status).toBe(201);
  meetingId = String(made.body['id']);
});
afterAll(() => stand.close());

/** A program that speaks the packets by itself (Engine.IO 4, Socket.IO 5). */
class Packets {
  readonly heard: string[] = [];
  code: number | undefined;
  readonly socket: WebSocket;
  constructor(who: Who) {
    this.socket = new WebSocket(`ws://127.0.0.1:${stand.port}/socket.io/?EIO=4&transport=websocket`, { headers: { cookie: stand.cookies[who] } });
    this.socket.on('message', (data: Buffer) => this.heard.push(data.toString()));
    this.socket.on('close', (code) => { this.code = code; });
    this.socket.on('error', () => this.socket.terminate());
    open.push(this);
  }
  say(packet: string | Uint8Array): void {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(packet);
  }
  hears(start: string): Promise<string> {
    return eventually(() => {
      const found = this.heard.find((each) => each.startsWith(start));
      if (found === undefined) throw new Error(`${start} was not heard, but ${JSON.stringify(this.heard.slice(-3))}; closed ${this.code}`);
      return found;
    });
  }
  closed(): Promise<number> {
    return eventually(() => { if (this.code === undefined) throw new Error('still open'); return this.code; });
  }
  async enter(): Promise<this> {
    await this.hears('0{');
    this.say('40/meetings,{}');
    await this.hears('40/meetings,{');
    return this;
  }
  /** Says an event with an acknowledgement's number and answers what was acknowledged. */
  async ask(number: number, args: string): Promise<{ ok: boolean; refusal?: { code: string } }> {
    this.say(`42/meetings,${number}${args}`);
    const answer = await this.hears(`43/meetings,${number}[`);
    return (JSON.parse(answer.slice(answer.indexOf('['))) as [{ ok: boolean; refusal?: { code: string } }])[0];
  }
}
const open: Packets[] = [];
afterEach(() => { for (const each of open.splice(0)) each.socket.terminate(); });
const enter = (who: Who = 'social'): Promise<Packets> => new Packets(who).enter();

/** The chair's meeting goes on while `attack` does: each hand raised is seen. */
let chair: Packets;
let hands = 0;
beforeEach(async () => {
  chair = await enter('nurse');
  expect(await chair.ask(1, `["join",{"meetingId":"${meetingId}"}]`)).toMatchObject({ ok: true });
});
async function undisturbed<T>(attack: () => Promise<T>): Promise<T> {
  return stand.undisturbed(async () => {
    const result = await attack();
    hands += 1;
    const answer = await chair.ask(100 + hands, `["raiseHand",{"meetingId":"${meetingId}","up":${hands % 2 === 1}}]`);
    expect(answer).toMatchObject({ ok: true });
    return result;
  });
}

test('A18 names of events that are objects, numbers or members of every object: no such event, and nothing is thrown', async () => {
  await undisturbed(async () => {
    const attacker = await enter();
    let number = 0;
    for (const name of ['"__proto__"', '"constructor"', '"toString"', '"hasOwnProperty"', '"valueOf"', '""', '"join "', '7', '-1', '1e400', `"${'x'.repeat(10_000)}"`]) {
      expect(await attacker.ask((number += 1), `[${name},{"meetingId":"${meetingId}"}]`)).toMatchObject({ ok: false, refusal: { code: 'bad-request' } });
    }
    for (const name of ['{"a":1}', 'null', '[]', 'true', '"disconnect"', '"connect"', '"error"', '"newListener"']) {
      const other = await enter();
      other.say(`42/meetings,1[${name},{}]`);
      await Promise.race([other.closed(), other.hears('43/meetings,1[{"ok":false')]);
    }
  });
});

test('A19 attachments by the dozen, by the million, and places for them that are none', async () => {
  await undisturbed(async () => {
    for (const packet of ['4511-/meetings,["join"]', '451000000-/meetings,["join"]', '45-1-/meetings,["join"]', '451e3-/meetings,["join"]', '450-/meetings,["join"]']) {
      const attacker = await enter();
      attacker.say(packet);
      await attacker.closed();
    }
    for (const place of ['-1', '1000000000', '"length"', '"__proto__"', '1.5', 'null']) {
      const attacker = await enter();
      attacker.say(`451-/meetings,["join",{"_placeholder":true,"num":${place}}]`);
      attacker.say(Buffer.of(1, 2, 3));
      await attacker.closed();
    }
    // One that fits is read and refused for what it says.
    const attacker = await enter();
    attacker.say('451-/meetings,5["join",{"meetingId":{"_placeholder":true,"num":0}}]');
    attacker.say(Buffer.of(1, 2, 3));
    expect(await attacker.hears('43/meetings,5[')).toContain('"code":"invalid"');
    // Bytes that belong to nothing, and half a packet left lying.
    const other = await enter();
    other.say(Buffer.of(1, 2, 3));
    await other.closed();
    const half = await enter();
    half.say('4510-/meetings,["join",{"_placeholder":true,"num":0}]');
    half.say('42/meetings,["join",{}]');
    await half.closed();
  });
});

test('A20 acknowledgements under numbers that are none, and a hundred thousand of what nobody asked', async () => {
  await undisturbed(async () => {
    const attacker = await enter();
    attacker.say(`42/meetings,${2 ** 53}["leave",{"meetingId":"x"}]`);
    await attacker.hears(`43/meetings,${2 ** 53}[`);
    attacker.say('42/meetings,-1["leave",{"meetingId":"x"}]');
    await attacker.closed();
    const flood = await enter();
    for (let number = 0; number < 100_000 && flood.code === undefined; number += 1) flood.say(`43/meetings,${number}["x"]`);
    expect(await flood.closed()).toBe(1008);
    // Orders that are never waited for are no more than a few at a time: the rest is refused, not kept.
    const eager = await enter();
    for (let number = 1; number <= 300; number += 1) eager.say(`42/meetings,${number}["join",{"meetingId":"${meetingId}"}]`);
    await eager.hears('43/meetings,300[');
    expect(eager.heard.filter((each) => each.includes('"too-many"')).length).toBeGreaterThan(100);
  });
});

test('[WH3] A21 other namespaces, by name, by path and by the thousand', async () => {
  await undisturbed(async () => {
    for (const name of ['/', '/admin', '/../', '/meetings/..', '/Meetings', '/meetings\u0000', '/%6deetings', '/__proto__', '/constructor']) {
      const attacker = new Packets('social');
      await attacker.hears('0{');
      attacker.say(name === '/' ? '40' : `40${name},{}`);
      expect(await attacker.hears('44')).toMatch(/Invalid namespace|There is nothing at this address/);
      expect(attacker.heard.some((each) => each.startsWith('40'))).toBe(false);
    }
    const flood = new Packets('social');
    await flood.hears('0{');
    for (let number = 0; number < 10_000 && flood.code === undefined; number += 1) flood.say(`40/n${number},{}`);
    expect(await flood.closed()).toBe(1008);
  });
});

test('A22 a room is entered by the service’s own word only: naming one brings nothing', async () => {
  const hidden = await stand.newPlan('outsider', 'Hiddenname');
  const other = await stand.as('outsider').post('/api/meetings', { title: 'Another MDT', startsAt: new Date(Date.now() + 60_000).toISOString(), planIds: [hidden] });
  const otherId = String(other.body['id']);
  const insider = await enter('outsider');
  expect(await insider.ask(1, `["join",{"meetingId":"${otherId}"}]`)).toMatchObject({ ok: true });
  const attacker = await enter();
  let number = 0;
  for (const room of [otherId, `${otherId} org_elsewhere coordinator`, `plan:${hidden}`, insider.heard.join('').slice(0, 40)]) {
    for (const args of [`["join",{"meetingId":${JSON.stringify(room)}}]`, `["subscribe",${JSON.stringify(room)}]`, `["join",${JSON.stringify(room)}]`]) {
      expect(await attacker.ask((number += 1), args)).toMatchObject({ ok: false });
    }
  }
  expect(await insider.ask(2, `["raiseHand",{"meetingId":"${otherId}","up":true}]`)).toMatchObject({ ok: true });
  await insider.hears('42/meetings,["state"');
  expect(attacker.heard.join('')).not.toMatch(/Hiddenname|42\/meetings,\["state"/);
});

test('A23 nesting ten thousand deep, a megabyte, keys twice, NaN', async () => {
  await undisturbed(async () => {
    const deep = await enter();
    expect(await deep.ask(1, `["join",${'['.repeat(10_000)}${']'.repeat(10_000)}]`)).toMatchObject({ ok: false, refusal: { code: 'invalid' } });
    expect(await deep.ask(2, `["join",{"meetingId":"nobody","meetingId":"${meetingId}"}]`)).toMatchObject({ ok: true });
    expect(await deep.ask(3, `["join",{"meetingId":{"a":${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}}}]`)).toMatchObject({ ok: false });
    expect(await deep.ask(4, `["raiseHand",{"meetingId":"${meetingId}","up":1e999}]`)).toMatchObject({ ok: false, refusal: { code: 'invalid' } });
    const long = await enter();
    long.say(`42/meetings,1["join",{"meetingId":"${'x'.repeat(1024 * 1024)}"}]`);
    expect(await long.closed()).toBe(1009);
    const nan = await enter();
    nan.say('42/meetings,1["raiseHand",{"up":NaN}]');
    await nan.closed();
  });
});

describe('claims', () => {
  test('A24 who one is and what one may is never taken from an order: a member too many refuses it whole', async () => {
    const attacker = await enter();
    let number = 0;
    for (const [key, value] of [['role', 'coordinator'], ['orgId', 'org_hub'], ['userId', 'person_coordinator'], ['isAdmin', true], ['createdAt', '2020-01-01'], ['__proto__', { role: 'coordinator' }]] as const) {
      const order = `{"meetingId":"${meetingId}",${JSON.stringify(key)}:${JSON.stringify(value)}}`;
      expect([key, await attacker.ask((number += 1), `["join",${order}]`)]).toMatchObject([key, { ok: false, refusal: { code: 'invalid' } }]);
      expect(await attacker.ask((number += 1), `["start",${order}]`)).toMatchObject({ ok: false, refusal: { code: 'invalid' } });
    }
    const seen = meetingState.parse((await stand.as('coordinator').get(`/api/meetings/${meetingId}`)).body) as MeetingState;
    expect(seen.status).toBe('planned');
    expect(seen.attendance.find(({ id }) => id === stand.people.social.id)?.present ?? false).toBe(false);
  });

  test('[WH18] A25 whoever sends what only the service says is cut off, nobody is shown it, and it is written down', async () => {
    await undisturbed(async () => {
      const attacker = await enter();
      expect(await attacker.ask(1, `["join",{"meetingId":"${meetingId}"}]`)).toMatchObject({ ok: true });
      attacker.say(`42/meetings,2["state",{"id":"${meetingId}","title":"Forged title"}]`);
      await attacker.closed();
    });
    expect(chair.heard.join('')).not.toContain('Forged title');
    expect(stand.lines.some((line) => line.includes('"event":"server-event"'))).toBe(true);
  });
});
