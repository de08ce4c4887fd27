/** One link of an audit chain: what it holds and how it is spelled. Ids only, so that a name can be erased without breaking a chain. */
import { z } from 'zod';
import { canonical } from './canonical.ts';

export const auditEntry = z.object({
  v: z.literal(1),
  stream: z.string(),
  seq: z.number().int().min(1),
  /** Postgres clock, UTC, milliseconds. */
  at: z.string(),
  actor: z.object({ id: z.string(), role: z.string().optional(), org: z.string().optional() }).strict(),
  action: z.string(),
  plan: z.string(),
  section: z.string().optional(),
  outcome: z.enum(['done', 'refused']),
  reason: z.string().optional(),
  ref: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  /** Hash of the entry before, lower-case hex; null for the first. */
  prev: z.string().nullable(),
}).strict();
export type AuditEntry = z.infer<typeof auditEntry>;

export const planStream = (planId: string): string => `plan:${planId}`;

/** The text that is kept and hashed. */
export const spellEntry = (entry: AuditEntry): string => canonical(entry);
