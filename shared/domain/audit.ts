/** One link of an audit chain: what it holds and how it is spelled. Ids only, so that a name can be erased without breaking a chain. */
import { z } from 'zod';
import { canonical } from './canonical.ts';

/** What somebody was at the plan or the list for, told by who they were; nobody types it. */
export const purposes = ['direct-care', 'emergency-care', 'oversight', 'break-glass', 'own-record'] as const;
export type Purpose = (typeof purposes)[number];

export const auditEntry = z.object({
  v: z.literal(1),
  stream: z.string(),
  seq: z.number().int().min(1),
  /** Postgres clock, UTC, milliseconds. */
  at: z.string(),
  actor: z.object({ id: z.string(), role: z.string().optional(), org: z.string().optional() }).strict(),
  action: z.string(),
  /** Random, and never shown: by the hash of an entry nobody can try what in it is kept from them. Left out in access chains, and in entries from before. */
  blind: z.string().optional(),
  /** Left out where it is about no single plan. */
  plan: z.string().optional(),
  /** Left out where no person acted, and in entries from before purposes were kept. */
  purpose: z.enum(purposes).optional(),
  section: z.string().optional(),
  outcome: z.enum(['done', 'refused']),
  reason: z.string().optional(),
  ref: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  /** Hash of the entry before, lower-case hex; null for the first. */
  prev: z.string().nullable(),
}).strict();
export type AuditEntry = z.infer<typeof auditEntry>;

export const planStream = (planId: string): string => `plan:${planId}`;
/** One of the chains of an organisation for what concerns no single plan; 'none' where the organisation is not known. */
export const accessStream = (organisation: string | undefined, shard: number): string => `access:${organisation ?? 'none'}:${shard}`;

/** What a role is there for. A right that is taken in an emergency says so itself. */
export function purposeOf(role: string | undefined): Purpose | undefined {
  switch (role) {
    case undefined: return undefined;
    case 'privacy-officer':
    case 'inspector':
    case 'organisation-admin': return 'oversight';
    case 'urgent-care': return 'emergency-care';
    case 'patient': return 'own-record';
    default: return 'direct-care';
  }
}

export const purposeWords: Readonly<Record<Purpose, string>> = {
  'direct-care': 'looking after the person',
  'emergency-care': 'urgent care',
  'oversight': 'checking that records are used rightly',
  'break-glass': 'emergency access, reviewed afterwards',
  'own-record': 'their own plan',
};

/** The text that is kept and hashed. */
export const spellEntry = (entry: AuditEntry): string => canonical(entry);
