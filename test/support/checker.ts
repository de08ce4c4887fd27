/** Judges a fault run: what people were told against what the log says, and every copy of the text against every other. Pure; it finds, the scenario fails. */
import * as Y from 'yjs';
import { sectionById } from '../../shared/content/standard.ts';
import type { Section } from '../../shared/content/kinds.ts';
import { openRoots, readSection } from '../../shared/crdt/sectionDocument.ts';
import type { Journal } from './journal.ts';
import { tokensOf } from './words.ts';

/** A row of a plan's log as PostgreSQL holds it; a sign-off has neither section nor bytes. */
export interface StoredRow {
  readonly position: number;
  readonly sectionId: string | null;
  readonly bytes: Uint8Array | null;
}

/** One copy of the section's document at the end. */
export interface Replica {
  readonly who: string;
  readonly content: unknown;
  readonly stateVector: ReadonlyMap<number, number>;
  readonly pending: boolean;
}

/** What is known at the end of a run about one section of one plan. */
export interface Evidence {
  readonly sectionId: string;
  /** Of everybody who ever wrote in the section. */
  readonly journals: readonly Journal[];
  readonly rows: readonly StoredRow[];
  /** Documents of everybody who is still connected, and what each node answers. */
  readonly replicas: readonly Replica[];
  readonly served: readonly { readonly node: string; readonly content: unknown }[];
  /** What the verifier says of the plan's audit chain; undefined when it holds. */
  readonly brokenChain: string | undefined;
}

export type Invariant = 'I1' | 'I2' | 'I3' | 'I6' | 'I9' | 'I14';
export interface Finding {
  readonly invariant: Invariant;
  readonly what: string;
}

export function replicaOf(who: string, doc: Y.Doc, sectionId: string): Replica {
  return {
    who, content: readSection(doc, sectionById(sectionId) as Section), stateVector: Y.decodeStateVector(Y.encodeStateVector(doc)),
    pending: doc.store.pendingStructs !== null || doc.store.pendingDs !== null,
  };
}

/** The section's document from the log alone. The caller destroys it. */
export function rebuild(rows: readonly StoredRow[], sectionId: string): Y.Doc {
  const doc = new Y.Doc();
  openRoots(doc, sectionById(sectionId) as Section);
  doc.transact(() => {
    for (const row of rows) if (row.sectionId === sectionId && row.bytes) Y.applyUpdate(doc, row.bytes);
  });
  return doc;
}

/** Everything that is wrong; empty when all invariants hold. */
export function check(evidence: Evidence): Finding[] {
  const doc = rebuild(evidence.rows, evidence.sectionId);
  const truth = replicaOf('the log', doc, evidence.sectionId);
  doc.destroy();
  const tokens = tokensOf(JSON.stringify(truth.content));
  return [
    ...lost(evidence, tokens), ...ghosts(evidence, tokens), ...apart(evidence, truth), ...untruths(evidence), ...twiceInLog(evidence),
    ...(evidence.brokenChain === undefined ? [] : [{ invariant: 'I6', what: evidence.brokenChain } as const]),
  ];
}

/** Saved words that are missing, apart from those whose removal was asked for; words whose removal was saved and that are back. */
export function lost({ journals }: Pick<Evidence, 'journals'>, tokens: readonly string[]): Finding[] {
  const there = new Set(tokens);
  return journals.flatMap(({ acts }) => {
    const removed = new Set(acts.flatMap((act) => (act.kind === 'removal' ? [act.token] : [])));
    return acts.filter(({ fate }) => fate === 'saved').flatMap((act): Finding[] => {
      if (act.kind === 'removal') return there.has(act.token) ? [{ invariant: 'I1', what: `the removal of ${act.token} was saved and it is back` }] : [];
      return removed.has(act.token) || there.has(act.token) ? [] : [{ invariant: 'I1', what: `${act.token} was saved and is missing` }];
    });
  });
}

function ghosts({ journals }: Evidence, tokens: readonly string[]): Finding[] {
  const typed = new Set(journals.flatMap(({ acts }) => acts.flatMap((act) => (act.kind === 'word' ? [act.token] : []))));
  const seen = new Set<string>();
  return tokens.flatMap((token): Finding[] => {
    const again = seen.has(token);
    seen.add(token);
    if (again) return [{ invariant: 'I2', what: `${token} is there twice` }];
    return typed.has(token) ? [] : [{ invariant: 'I2', what: `${token} was typed by nobody` }];
  });
}

function apart({ replicas, served }: Evidence, truth: Replica): Finding[] {
  const text = JSON.stringify(truth.content);
  return [
    ...[truth, ...replicas].filter(({ pending }) => pending).map(({ who }): Finding => ({ invariant: 'I3', what: `${who} holds something that waits for what never comes` })),
    ...replicas.filter(({ stateVector }) => !sameVector(stateVector, truth.stateVector)).map(({ who }): Finding => ({ invariant: 'I3', what: `${who} knows another history than the log` })),
    ...replicas.filter(({ content }) => JSON.stringify(content) !== text).map(({ who }): Finding => ({ invariant: 'I3', what: `${who} reads differently from the log` })),
    ...served.filter(({ content }) => JSON.stringify(sorted(content)) !== JSON.stringify(sorted(truth.content))).map(({ node }): Finding => ({ invariant: 'I3', what: `node ${node} answers something other than the log` })),
  ];
}

const sameVector = (a: ReadonlyMap<number, number>, b: ReadonlyMap<number, number>): boolean => a.size === b.size && [...a].every(([client, clock]) => b.get(client) === clock);
/** Keys in order: two that mean the same are spelled the same. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, sorted(inner)]));
}

/** "Saved up to position p" is true only when the log up to p holds the word. */
function untruths({ journals, rows, sectionId }: Evidence): Finding[] {
  const reached = new Map<number, { readonly after: number; readonly position: number }[]>();
  for (const { row, client, after } of structsOf(rows, sectionId)) reached.set(client, [...(reached.get(client) ?? []), { after, position: row.position }]);
  return journals.flatMap(({ acts }) => acts.flatMap((act): Finding[] => {
    if (act.kind !== 'word' || act.fate !== 'saved') return [];
    const at = reached.get(act.client)?.find(({ after }) => after >= act.after)?.position;
    if (at !== undefined && at <= (act.position ?? 0)) return [];
    return [{ invariant: 'I9', what: `${act.token} was said to be saved at ${act.position}, and the log has it at ${at ?? 'no position'}` }];
  }));
}

/** Positions without gap or repetition, and nobody's history said twice. */
function twiceInLog({ rows, sectionId }: Evidence): Finding[] {
  const found: Finding[] = [];
  rows.forEach(({ position }, index) => {
    if (position !== index + 1) found.push({ invariant: 'I14', what: `row ${index + 1} of the log has position ${position}` });
  });
  const next = new Map<number, number>();
  for (const { row, client, from, after } of structsOf(rows, sectionId)) {
    const expected = next.get(client) ?? 0;
    if (from < expected) found.push({ invariant: 'I14', what: `row ${row.position} says again what client ${client} wrote at ${from}` });
    next.set(client, Math.max(expected, after));
  }
  return found;
}

function* structsOf(rows: readonly StoredRow[], sectionId: string) {
  for (const row of rows) {
    if (row.sectionId !== sectionId || !row.bytes) continue;
    for (const struct of Y.decodeUpdate(row.bytes).structs) {
      if (struct instanceof Y.Skip) continue;
      yield { row, client: struct.id.client, from: struct.id.clock, after: struct.id.clock + struct.length };
    }
  }
}
