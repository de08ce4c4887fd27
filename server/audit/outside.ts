/**
 * The copy of every checkpoint outside the database: lines of JSON in one file a month, each flushed before anything else happens. Whoever owns the
 * database does not own this volume; so this is where a rewritten log shows. The key that signed stands beside each note: keys first seen here are believed later.
 */
import { mkdir, open, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { readCheckpoint, readNote } from './note.ts';

const line = z.object({ key: z.string(), note: z.string() }).strict();
export interface KeptCheckpoint {
  /** Verifier key of whoever signed it, as text. */
  readonly key: string;
  readonly note: string;
}
export interface ReadCheckpoint extends KeptCheckpoint {
  /** Of how many entries it speaks. */
  readonly size: number;
}
export interface KeptCheckpoints {
  readonly kept: readonly ReadCheckpoint[];
  /** What is wrong with the files themselves: a line that cannot be read, with where it is. */
  readonly faults: readonly string[];
}

const namePattern = /^checkpoints-\d{4}-\d{2}\.jsonl$/;

/** Adds lines to the file of the month of `at` and flushes it. */
export async function keepOutside(folder: string, checkpoints: readonly KeptCheckpoint[], at: Date): Promise<void> {
  if (checkpoints.length === 0) return;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = await open(path.join(folder, `checkpoints-${at.toISOString().slice(0, 7)}.jsonl`), 'a', 0o600);
  try {
    await file.appendFile(checkpoints.map(({ key, note }) => `${JSON.stringify({ key, note })}\n`).join(''));
    await file.sync();
  } finally {
    await file.close();
  }
}

/** All that is kept, oldest first; nothing when there is no such folder yet. */
export async function readOutside(folder: string): Promise<KeptCheckpoints> {
  const names = (await readdir(folder).catch(whenThere<string[]>([]))).filter((name) => namePattern.test(name)).sort();
  const kept: ReadCheckpoint[] = [];
  const faults: string[] = [];
  for (const name of names) {
    const lines = (await readFile(path.join(folder, name), 'utf8')).split('\n');
    if (lines.pop() !== '') faults.push(`${name} ends in the middle of a line`);
    for (const [index, text] of lines.entries()) {
      const read = readLine(text);
      if (read) kept.push(read);
      else faults.push(`line ${index + 1} of ${name} cannot be read`);
    }
  }
  return { kept, faults };
}

function readLine(text: string): ReadCheckpoint | undefined {
  try {
    const { data } = line.safeParse(JSON.parse(text));
    const size = readCheckpoint(readNote(data?.note ?? '')?.text ?? '')?.size;
    return data && size !== undefined ? { ...data, size } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function whenThere<T>(otherwise: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code === 'ENOENT') return otherwise;
    throw error;
  };
}
