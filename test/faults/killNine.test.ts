/** The hardest stop: the real service is killed twenty times while people type, and nothing that anybody was told is saved is missing. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { fieldById, sectionById } from '../../shared/content/standard.ts';
import type { Field, Section } from '../../shared/content/kinds.ts';
import { decodeFrames, encodeBarrier, encodeFrame } from '../../shared/crdt/frame.ts';
import { openRoots, writeProse } from '../../shared/crdt/sectionDocument.ts';
import { makeNhsNumber } from '../../shared/domain/nhsNumber.ts';
import { eventually } from '../support/eventually.ts';
import { startProduct, type Product } from '../support/product.ts';

const kills = 20;
/** Saved answers to wait for between two kills, from all typists together. */
const savedPerRound = 60;
const inFlightMax = 6;
const whatMatters = fieldById('whatMatters') as Field;
const slow = 10 * 60_000;

/** Types numbered words into one paragraph, remembers which were answered as saved, and comes back by itself. */
class Typist {
  readonly doc = new Y.Doc();
  readonly sent = new Set<string>();
  readonly saved = new Set<string>();
  readonly closes = new Map<number, number>();
  #unsaved = new Map<number, string>();
  #count = 0;
  #socket: WebSocket | undefined;
  #stopped = false;

  constructor(private readonly product: Product, private readonly planId: string, private readonly cookie: string, private readonly name: string) {
    openRoots(this.doc, sectionById('wishes') as Section);
    this.doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== this) this.#say(encodeFrame({ kind: 'update', update }));
    });
  }

  connect(): void {
    if (this.#stopped) return;
    const socket = new WebSocket(`${this.product.url.replace('http', 'ws')}/sync/${this.planId}/wishes`, { headers: { cookie: this.cookie } });
    this.#socket = socket;
    socket.on('open', () => this.#say(encodeFrame({ kind: 'step1', stateVector: Y.encodeStateVector(this.doc) })));
    socket.on('message', (data: Buffer) => this.#heard(new Uint8Array(data)));
    socket.on('error', () => socket.terminate());
    socket.on('close', (code) => {
      this.closes.set(code, (this.closes.get(code) ?? 0) + 1);
      // What was under way is unknown; the document itself offers it again.
      this.#unsaved = new Map();
      setTimeout(() => this.connect(), 20);
    });
  }

  #heard(bytes: Uint8Array): void {
    for (const frame of decodeFrames(bytes) ?? []) {
      if (frame.kind === 'step1') this.#say(encodeFrame({ kind: 'step2', update: Y.encodeStateAsUpdate(this.doc, frame.stateVector) }));
      if (frame.kind === 'step2' || frame.kind === 'update') Y.applyUpdate(this.doc, frame.update, this);
      if (frame.kind === 'step2') this.#type();
      if (frame.kind !== 'barrier-answer') continue;
      const word = this.#unsaved.get(frame.number);
      this.#unsaved.delete(frame.number);
      if (word !== undefined) this.saved.add(word);
      this.#type();
    }
  }

  /** Some words ahead of the answers, as fast as they come. */
  #type(): void {
    const paragraph = this.doc.getXmlFragment('t:whatMatters').get(0);
    const text = paragraph instanceof Y.XmlElement ? paragraph.get(0) : undefined;
    if (!(text instanceof Y.XmlText)) return;
    while (!this.#stopped && this.#unsaved.size < inFlightMax) {
      const word = `${this.name}${this.#count.toString(36)}`;
      this.#count += 1;
      this.sent.add(word);
      this.#unsaved.set(this.#count, word);
      const words = text.length === 0 ? [] : text.toString().split(' ');
      const at = words.slice(0, (this.#count * 7) % (words.length + 1)).join(' ').length;
      text.insert(at, ` ${word} `);
      this.#say(encodeBarrier(this.#count));
    }
  }

  #say(frame: Uint8Array): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(frame);
  }

  stop(): void {
    this.#stopped = true;
    this.#socket?.terminate();
    this.doc.destroy();
  }
}

let product: Product;
beforeAll(async () => { product = await startProduct(); }, slow);
afterAll(() => product.dispose(), slow);

const post = (path: string, body: unknown, cookie = ''): Promise<Response> =>
  fetch(product.url + path, { method: 'POST', headers: { 'content-type': 'application/json', origin: product.url, cookie }, body: JSON.stringify(body) });

async function signIn(role: string): Promise<string> {
  const { people } = (await (await fetch(`${product.url}/api/demo/people`)).json()) as { people: { id: string; role: string }[] };
  const answer = await post('/api/session', { personId: people.find((person) => person.role === role)?.id });
  return answer.headers.get('set-cookie')?.split(';')[0] ?? '';
}

async function newPlan(cookie: string, number: string): Promise<string> {
  const answer = await post('/api/plans', { patient: { nhsNumber: number, familyName: 'Killnine', givenName: 'Test', birthDate: '1940-02-03' } }, cookie);
  const body = (await answer.json()) as { id: string };
  if (answer.status !== 201) throw new Error(JSON.stringify(body));
  return body.id;
}

/** Writes the empty paragraph that everybody then types into. */
async function firstParagraph(planId: string, cookie: string): Promise<void> {
  const socket = new WebSocket(`${product.url.replace('http', 'ws')}/sync/${planId}/wishes`, { headers: { cookie } });
  const doc = new Y.Doc();
  openRoots(doc, sectionById('wishes') as Section);
  writeProse(doc, whatMatters, [{ type: 'paragraph', text: 'start' }]);
  await new Promise<void>((resolve) => {
    socket.on('open', () => {
      socket.send(encodeFrame({ kind: 'update', update: Y.encodeStateAsUpdate(doc) }));
      socket.send(encodeBarrier(1));
    });
    socket.on('message', (data: Buffer) => { if ((decodeFrames(new Uint8Array(data)) ?? []).some((frame) => frame.kind === 'barrier-answer')) resolve(); });
  });
  socket.terminate();
  doc.destroy();
}

async function wordsOf(planId: string, cookie: string): Promise<string[]> {
  const content = (await (await fetch(`${product.url}/api/plans/${planId}/content`, { headers: { cookie } })).json()) as { sections: { wishes?: { whatMatters?: { text: string }[] } } };
  return (content.sections.wishes?.whatMatters ?? []).flatMap((block) => block.text.split(/\s+/)).filter((word) => word !== '' && word !== 'start');
}

describe('killed while people type', () => {
  test(`[CO24] after each of ${kills} kills everything that was answered as saved is there, once, and nothing that nobody wrote`, async () => {
    const cookie = await signIn('coordinator');
    const free = ['999300100', '999300200', '999300300', '999300400', '999300500'].map(makeNhsNumber).filter((number) => number !== undefined);
    const plans = await Promise.all(free.slice(0, 3).map((number) => newPlan(cookie, number)));
    for (const planId of plans) await firstParagraph(planId, cookie);
    const typists = plans.flatMap((planId, plan) => ['a', 'b'].map((letter) => ({ planId, typist: new Typist(product, planId, cookie, `${letter}${plan}x`) })));
    for (const { typist } of typists) typist.connect();
    const savedSoFar = (): number => typists.reduce((sum, { typist }) => sum + typist.saved.size, 0);
    const back: number[] = [];

    for (let kill = 0; kill < kills; kill += 1) {
      const target = savedSoFar() + savedPerRound;
      await eventually(() => { if (savedSoFar() < target) throw new Error(`only ${savedSoFar()} of ${target} saved; closes ${JSON.stringify(typists.map(({ typist }) => [...typist.closes]))}`); }, 60_000);
      await product.stop('SIGKILL');
      const promised = typists.map(({ planId, typist }) => ({ planId, words: [...typist.saved] }));
      const begun = performance.now();
      await product.restart();
      back.push(performance.now() - begun);
      for (const planId of plans) {
        const words = await wordsOf(planId, cookie);
        const there = new Set(words);
        expect(there.size).toBe(words.length);
        for (const each of promised) if (each.planId === planId) expect(each.words.filter((word) => !there.has(word))).toEqual([]);
        const written = new Set(typists.filter((each) => each.planId === planId).flatMap(({ typist }) => [...typist.sent]));
        expect(words.filter((word) => !written.has(word))).toEqual([]);
      }
    }
    const sent = typists.reduce((sum, { typist }) => sum + typist.sent.size, 0);
    back.sort((a, b) => a - b);
    process.stdout.write(`kill -9: ${kills} kills, ${sent} words typed, ${savedSoFar()} answered as saved, 0 of them missing; back in ${Math.round(back[kills >> 1] ?? 0)} ms (median), ${Math.round(back.at(-1) ?? 0)} ms (worst)\n`);
    for (const { typist } of typists) {
      expect([...typist.closes.keys()].filter((code) => code >= 4400)).toEqual([]);
      typist.stop();
    }
  }, slow);
});
