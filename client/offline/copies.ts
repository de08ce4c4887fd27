/** Plans held on this device: taking one, opening it, and every way in which it ends. */
import { Subject } from '../collab/subject.ts';
import type { OwnWords } from '../collab/localCopy.ts';
import type { PlanConnection } from '../collab/planConnection.ts';
import { apiGet, apiSend } from '../data/api.ts';
import { ApiProblem } from '../data/problem.ts';
import { copyKey, offlineCopies, takenOffline, type CopyKey } from '../../shared/wire/offline.ts';
import type { PlanView } from '../../shared/wire/plans.ts';
import type { SessionView } from '../../shared/wire/session.ts';
import { z } from 'zod';
import { about as aboutSchema, sealedWords, type About, type SealedWords } from './about.ts';
import { deleteAll } from './database.ts';
import { aboutPlace, HeldCopy, wordsPlace, type CopyKeys } from './heldCopy.ts';
import { copiesHere, markCopies } from './mark.ts';
import { locked, taken as wasTaken, unlocked } from './phases.ts';
import { allCopies, changeCopy, changesOf, deviceKey, findDeviceKey, isOver, putCopy, removeCopy, wipe, wordsAreOver, wordsOf, type CopyRecord } from './records.ts';
import { keyFor, newDeviceKey, unsealJson, type Sealed } from './sealing.ts';
import { canHold, dropShell, keepShell } from './shell.ts';
import { inUse, sayChanged } from './tabs.ts';

export interface HeldPlan {
  readonly id: string;
  readonly about: About;
  readonly until: number;
  /** Changes that were never sent, or not taken. */
  readonly unsent: number;
}

const at = (id: string, rest = ''): string => `/api/offline-copies/${encodeURIComponent(id)}${rest}`;
/** Copies that this tab is just taking. */
const beingTaken = new Set<string>();
/** A taking that another tab has not finished after this long was broken off, in milliseconds. */
const takingMs = 2 * 60_000;

/** Keeps the plan on this device from now on. Throws ApiProblem; then nothing of it is left here. */
export async function takeOffline(connection: PlanConnection, view: PlanView, session: SessionView): Promise<HeldCopy> {
  if (!canHold()) throw new ApiProblem('unexpected', 0, 'This browser cannot keep a plan safely', 'It needs a current browser, and an address that begins with https.');
  if (!connection.live.value) throw new ApiProblem('unexpected', 0, 'The plan is not up to date just now', 'Wait until it says “Up to date” or “Saved”, then try again.');
  const taken = await apiSend('POST', `/api/plans/${encodeURIComponent(view.id)}/offline-copies`, undefined, takenOffline);
  beingTaken.add(taken.id);
  try {
    const halves = await apiGet(at(taken.id, '/key'), copyKey);
    const takenAt = Date.now();
    const until = takenAt + taken.lifeMs;
    const { plan, words } = await alone(async () => {
      markCopies(true);
      const keys = await keysFor(await deviceKey(await newDeviceKey()), halves, taken.id, session.person.id);
      if (keys === undefined) throw new ApiProblem('conflict', 0, 'The plan was not kept', 'You were signed out, or lost the plan, at the same moment.');
      await putCopy({ id: taken.id, phase: 'taking', takenAt, until, keys });
      return keys;
    });
    const about: About = { planId: view.id, view, session, asOf: takenAt, position: Math.max(view.position, connection.changedTo.value) };
    const copy = await HeldCopy.open({ id: taken.id, keys: { plan, words }, about, until, changes: [], words: { unsent: [], refused: [] }, writers: [] });
    connection.keepCopy(copy);
    copy.isOf(about);
    await keepShell();
    if (!(await copy.settled())) throw new Error('this device could not write the plan down: it may be full');
    if ((await changeCopy(taken.id, wasTaken))?.phase !== 'open') throw new ApiProblem('conflict', 0, 'The plan was not kept', 'You were signed out at the same moment.');
    await olderOf(view.id, taken.id);
    inUse(copy);
    sayChanged();
    return copy;
  } catch (error) {
    connection.keepCopy(undefined);
    await letGo(taken.id);
    throw error;
  } finally {
    beingTaken.delete(taken.id);
  }
}

/** A plan is held once: what was taken of it before, and has no words that were not sent, goes. */
async function olderOf(planId: string, newest: string): Promise<void> {
  for (const held of await heldPlans()) if (held.about.planId === planId && held.id !== newest && held.unsent === 0) await handBack(held.id);
}

/** Every plan that can be read here now, the one taken last first. Wipes those whose time is over. */
export async function heldPlans(): Promise<readonly HeldPlan[]> {
  await expire();
  const found: HeldPlan[] = [];
  for (const record of await records()) {
    const about = await aboutOf(record);
    if (about === undefined) continue;
    const words = await ownWords(record);
    found.push({ id: record.id, about, until: record.until, unsent: words.unsent.length + words.refused.length });
  }
  return found.toSorted((a, b) => b.until - a.until);
}

/** The copy of this plan, opened for its person; undefined when there is none that can be read. */
export async function openHeld(planId: string, personId: string): Promise<HeldCopy | undefined> {
  const held = (await heldPlans()).find(({ about }) => about.planId === planId && about.session.person.id === personId);
  const record = (await records()).find(({ id }) => id === held?.id);
  if (held === undefined || record?.keys === undefined) return undefined;
  const [changes, words] = [await changesOf(held.id), await ownWords(record)];
  const copy = await HeldCopy.open({ id: held.id, keys: record.keys, about: held.about, until: held.until, changes, words, writers: words.writers });
  inUse(copy);
  return copy;
}

/** Gives the plan back: nothing of it stays here, unsent words included; the service is told now or at the next contact. */
export async function handBack(id: string): Promise<void> {
  const record = (await records()).find((one) => one.id === id);
  await wipe(id, 'remove');
  if (record !== undefined) await putCopy({ id, phase: 'returned', takenAt: record.takenAt, until: record.until });
  sayChanged(id);
  await tellReturned(id);
  await tidy();
}

async function tellReturned(id: string): Promise<void> {
  try {
    await apiSend('DELETE', at(id), undefined, z.unknown());
    await removeCopy(id);
  } catch (error) {
    // Not reached, or signed out: said at the next contact.
    if (!(error instanceof ApiProblem)) throw error;
  }
}

/** Signing out: everything goes, whoever's it was. */
export async function wipeAll(): Promise<void> {
  const ids = (await records()).map(({ id }) => id);
  await deleteAll();
  for (const id of ids) sayChanged(id);
  await dropShell();
}

/** The sign-in has ended otherwise: the keys go at once, and with them every way to read the plans without the service. */
export async function lockAll(): Promise<void> {
  for (const { id, phase } of await records()) {
    if (phase === 'taking') await letGo(id);
    else await changeCopy(id, (record) => locked(record, crypto.randomUUID()));
  }
  sayChanged();
}

/** Wipes what may not be read any more by this device's clock; answers when to look again, undefined when there is nothing to wait for. */
export async function expire(): Promise<number | undefined> {
  const now = Date.now();
  for (const record of await records()) {
    if (record.phase === 'wiped' ? wordsAreOver(record, now) : isOver(record, now) && record.phase !== 'returned') {
      await wipe(record.id, record.phase === 'wiped' ? 'remove' : 'keep');
      sayChanged(record.id);
    }
  }
  await tidy();
  const next = (await records()).filter(({ phase }) => phase === 'open' || phase === 'locked').map(({ until }) => until);
  return next.length === 0 ? undefined : Math.min(...next);
}

/** Takes a copy off the device and out of the service's books as if it had never been taken. */
async function letGo(id: string): Promise<void> {
  await wipe(id, 'remove');
  await tellReturned(id);
  await tidy();
}

/** Asks the service what became of the copies of the person who is signed in, and does so here. Throws ApiProblem when it cannot be asked. */
export async function contact(personId: string): Promise<void> {
  const states = new Map((await apiGet('/api/offline-copies', offlineCopies)).items.map(({ id, state }) => [id, state]));
  for (const record of await records()) {
    const { id, phase } = record;
    const state = states.get(id);
    if (phase === 'returned') await tellReturned(id);
    else if (phase === 'taking') {
      if (!beingTaken.has(id) && Date.now() - record.takenAt > takingMs) await letGo(id);
    } else if (phase !== 'wiped' && state !== 'held') {
      // Over, signed out, lost, or somebody else's: the plan goes, its person's own words stay sealed.
      await wipe(id, 'keep');
      sayChanged(id);
    } else if (phase === 'locked') await unlock(record, personId);
  }
  await tidy();
  left.set(await leftWords(personId, new Set(states.keys())));
}

async function unlock(seen: CopyRecord, personId: string): Promise<void> {
  const { id } = seen;
  const [device, halves] = [await findDeviceKey(), await apiGet(at(id, '/key'), copyKey)];
  const keys = device && (await keysFor(device, halves, id, personId));
  if (keys === undefined) return;
  await changeCopy(id, (record) => unlocked(record, seen, keys));
  sayChanged();
}

async function keysFor(device: CryptoKey, { plan, words }: CopyKey, id: string, personId: string): Promise<CopyKeys | undefined> {
  return plan === null ? undefined : { plan: await keyFor(device, plan, id, personId, 'plan'), words: await keyFor(device, words, id, personId, 'words') };
}

export interface LeftWords {
  readonly id: string;
  readonly words: SealedWords;
}
/** Words of the person who is signed in that outlived their plan on this device, as the service was last asked. */
export const left = new Subject<readonly LeftWords[]>([]);
/** Opened once in a tab: each giving of the key is in the plan's trail. */
const openedWords = new Map<string, LeftWords>();

/** The service gives its half of the key to their writer only. */
async function leftWords(personId: string, ids: ReadonlySet<string>): Promise<readonly LeftWords[]> {
  const device = copiesHere.value ? await findDeviceKey() : undefined;
  const found: LeftWords[] = [];
  for (const { id, phase } of await records()) {
    if (phase !== 'wiped' || !ids.has(id) || device === undefined) continue;
    const known = openedWords.get(`${personId} ${id}`) ?? (await openWords(device, id, personId));
    if (known === undefined) continue;
    openedWords.set(`${personId} ${id}`, known);
    found.push(known);
  }
  return found;
}

async function openWords(device: CryptoKey, id: string, personId: string): Promise<LeftWords | undefined> {
  const key = await keyFor(device, (await apiGet(at(id, '/key'), copyKey)).words, id, personId, 'words');
  const read = (await Promise.all((await wordsOf(id)).map((sealed) => readable(key, id, sealed)))).filter((one) => one !== undefined);
  const [first] = read;
  return first && { id, words: { ...first, unsent: read.flatMap((one) => one.unsent), refused: read.flatMap((one) => one.refused) } };
}

/** Their person is done with them. */
export async function removeWords(id: string): Promise<void> {
  await letGo(id);
  left.set(left.value.filter((one) => one.id !== id));
  sayChanged(id);
}

async function aboutOf({ id, phase, keys, about }: CopyRecord): Promise<About | undefined> {
  if (phase !== 'open' || keys === undefined || about === undefined) return undefined;
  try {
    return aboutSchema.parse(await unsealJson(keys.plan, aboutPlace(id), about));
  } catch (error) {
    // Damaged, or written by a screen too different from this one: not readable, so not kept.
    if (!(error instanceof DOMException || error instanceof z.ZodError || error instanceof SyntaxError)) throw error;
    await wipe(id, 'keep');
    return undefined;
  }
}

async function ownWords({ id, keys }: CopyRecord): Promise<OwnWords & { readonly writers: readonly string[] }> {
  const read = keys === undefined ? [] : await Promise.all((await wordsOf(id)).map(async (sealed) => ({ writer: sealed.writer, words: await readable(keys.words, id, sealed) })));
  // What cannot be read is left lying: it is not taken over, so it is not written over either.
  const own = read.filter((one): one is { writer: string; words: SealedWords } => one.words !== undefined);
  return { unsent: own.flatMap(({ words }) => words.unsent), refused: own.flatMap(({ words }) => words.refused), writers: own.map(({ writer }) => writer) };
}

async function readable(key: CryptoKey, id: string, sealed: Sealed): Promise<SealedWords | undefined> {
  const read = sealedWords.safeParse(await unsealJson(key, wordsPlace(id), sealed).catch(() => undefined));
  return read.success ? read.data : undefined;
}

/** One at a time in all tabs of this browser: making the store and taking it away. */
const alone = <T>(work: () => Promise<T>): Promise<T> => navigator.locks.request('accord-offline', work) as Promise<T>;

const records = async (): Promise<readonly CopyRecord[]> => (copiesHere.value ? allCopies() : []);

/** With the last plan the screen's files go; with the last word the store itself. */
async function tidy(): Promise<void> {
  await alone(async () => {
    const lying = await records();
    if (!copiesHere.value) return;
    if (lying.every(({ phase }) => phase === 'wiped' || phase === 'returned')) await dropShell();
    if (lying.length > 0) return;
    await deleteAll();
  });
}
