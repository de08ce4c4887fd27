/** Answers about who wrote what and when, and about what is new to somebody. */
import { z } from 'zod';

const instant = z.string();
export const author = z.object({ id: z.string(), name: z.string(), role: z.string() });

export const historyQuery = z.object({
  section: z.string().min(1).max(60), field: z.string().min(1).max(60),
  /** What the page before said under `next`. */
  cursor: z.string().regex(/^[1-9]\d{0,14}$/).optional(),
}).strict();

export const wordChange = z.object({ text: z.string(), change: z.enum(['same', 'added', 'removed']) });

/** Position and time are those of the log; of a stretch of writing, those of its last row. */
const moment = { position: z.number().int(), at: instant, by: author, sentences: z.array(z.string()) };
export const historyEntry = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('value'), ...moment,
    /** Id of the row, in a list. */
    row: z.string().optional(),
    from: z.unknown().optional(), to: z.unknown().optional(),
    /** Said by whoever settled a dispute or corrected the value. */
    reason: z.string().optional(),
    /** `disputed`: more than one answer stood afterwards; `settled`: one again, after a dispute; `overtaken`: written at the same moment as another, which stands. */
    became: z.enum(['changed', 'disputed', 'settled', 'overtaken']),
  }),
  z.object({
    kind: z.literal('text'), ...moment,
    firstPosition: z.number().int(), since: instant,
    /** Unchanged text far from a change is left out and marked with "…". */
    words: z.array(wordChange),
  }),
]);
export type HistoryEntry = z.infer<typeof historyEntry>;

export const fieldHistory = z.object({
  planId: z.string(), section: z.string(), field: z.string(), label: z.string(),
  /** Where the log stood when this was put together. */
  position: z.number().int(),
  standing: z.object({
    /** Prose as it stands, in order: text, id of its writer, when. */
    runs: z.array(z.tuple([z.string(), z.string(), instant])),
    /** Values that stand, each with its writer; several of one row, or of a field that is no list, are disputed. */
    values: z.array(z.object({ row: z.string().optional(), value: z.unknown(), by: author, at: instant, position: z.number().int() })),
    /** Everybody named in `runs`. */
    people: z.array(author),
  }),
  /** Newest first. */
  items: z.array(historyEntry), next: z.string().nullable(),
});
export type FieldHistoryView = z.infer<typeof fieldHistory>;

const span = z.tuple([z.number().int(), z.number().int(), z.number().int()]);
export const changesQuery = z.object({ after: z.string().regex(/^\d{1,15}$/).optional() }).strict();
/** What others wrote after a position: marks of the documents, `[client, clock from, clock after]`, without any text. */
export const changesSince = z.object({
  planId: z.string(), position: z.number().int(),
  /** After which position; null when this person has not looked at the plan before: then nothing is new. */
  after: z.number().int().nullable(),
  /** More was written than is marked. */
  cut: z.boolean(),
  strokes: z.array(z.object({ section: z.string(), by: author, at: instant, brought: z.array(span), taken: z.array(span) })),
});
export type ChangesSince = z.infer<typeof changesSince>;

export const lookedOrder = z.object({ position: z.number().int().min(0) }).strict();
export const lookedAnswer = z.object({ position: z.number().int() });
