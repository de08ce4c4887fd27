/** Rows of the log as marks of a document: what each person brought and took away, stretch by stretch, without any of the text. Pure. */
import { limits } from '../limits.ts';
import { extend, takenIn, type By, type ClockSpan, type WrittenRow } from './sectionPast.ts';

export interface Stroke {
  readonly section: string;
  readonly by: By;
  /** When the last of it was written. */
  readonly atMs: number;
  readonly brought: readonly ClockSpan[];
  readonly taken: readonly ClockSpan[];
}

/** One stroke for each section, person and stretch of writing, oldest first. */
export function strokesOf(rows: readonly (WrittenRow & { readonly sectionId: string })[]): readonly Stroke[] {
  const strokes: { section: string; by: By; atMs: number; brought: ClockSpan[]; taken: ClockSpan[] }[] = [];
  const open = new Map<string, (typeof strokes)[number]>();
  for (const row of rows) {
    const key = `${row.sectionId} ${row.author.id}`;
    const atMs = row.at.getTime();
    let stroke = open.get(key);
    if (stroke === undefined || atMs - stroke.atMs > limits.writingPauseMs) {
      stroke = { section: row.sectionId, by: row.author, atMs, brought: [], taken: [] };
      strokes.push(stroke);
      open.set(key, stroke);
    }
    stroke.atMs = atMs;
    for (const span of row.spans) extend(stroke.brought, span);
    for (const span of takenIn(row.bytes)) extend(stroke.taken, span);
  }
  return strokes;
}
