/** Requests and answers about the audit log as a whole: co-signing, oversight, and who has looked at a plan. */
import { z } from 'zod';
import { limits } from '../limits.ts';
import { patientBrief } from './plans.ts';

const instant = z.string();

/** Another house asks us to co-sign its checkpoint. `proof`: base64 hashes from `old`, the size we co-signed last, to the checkpoint's size. */
export const cosignOrder = z.object({
  old: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
  proof: z.array(z.string().max(44)).max(limits.proofHashesMax),
  checkpoint: z.string().max(limits.checkpointLengthMax),
}).strict();
/** One signature line of a note (C2SP tlog-cosignature). */
export const cosigned = z.object({ cosignature: z.string() });
export type Cosigned = z.infer<typeof cosigned>;

/** What another house needs to configure us: verifier keys of our log and of us as a witness, and our latest checkpoint. */
export const witnessView = z.object({ log: z.string(), witness: z.string(), checkpoint: z.string().nullable() });
export type WitnessView = z.infer<typeof witnessView>;

/** Everybody who has looked at the plan on one day, newest day first. `name` is given only where the house's policy says so. */
export const lookedList = z.object({
  days: z.array(z.object({
    /** YYYY-MM-DD in London. */
    day: z.string(),
    people: z.array(z.object({
      name: z.string().optional(), role: z.string(), organisation: z.string(), why: z.string(),
      times: z.array(instant), did: z.array(z.string()), refused: z.boolean(),
    })),
  })),
  /** The plan has older days than these. */
  more: z.boolean(), names: z.boolean(), checkedAt: instant, patient: patientBrief,
});
export type LookedList = z.infer<typeof lookedList>;

/** What the privacy officer sees of their organisation's plans and people. */
export const oversightView = z.object({
  log: z.object({
    breaks: z.number().int(), found: z.array(z.object({ where: z.string(), why: z.string() })),
    lastWalk: instant.nullable(), lastWholeWalk: instant.nullable(), walked: z.number().int(),
    sealedEntries: z.number().int(), lastSeal: instant.nullable(), waiting: z.number().int(),
    witnesses: z.array(z.object({ name: z.string(), lastCosigned: instant.nullable() })),
  }),
  /** The last day's readings that somebody should look at. */
  unusual: z.array(z.object({
    kind: z.enum(['many-plans', 'outside-team', 'refused', 'break-glass']), person: z.object({ id: z.string(), name: z.string(), role: z.string().optional(), organisation: z.string().optional() }),
    count: z.number().int(), first: instant, last: instant, sentence: z.string(),
    plans: z.array(z.object({ id: z.string(), name: z.string() })),
  })),
  since: instant,
});
export type OversightView = z.infer<typeof oversightView>;

/** FHIR R4: what is in it is checked by the tests of the export. */
export const auditEventBundle = z.object({
  resourceType: z.literal('Bundle'), type: z.literal('collection'), timestamp: instant, link: z.array(z.object({ relation: z.string(), url: z.string() })).optional(),
  entry: z.array(z.object({ fullUrl: z.string(), resource: z.looseObject({ resourceType: z.string(), id: z.string() }) })),
});
export type AuditEventBundle = z.infer<typeof auditEventBundle>;

/** What somebody is about to print. */
export const printOrder = z.object({ what: z.enum(['signed-version', 'who-has-looked']), version: z.number().int().min(1).max(999_999).optional() }).strict();
export const printed = z.object({ recorded: z.literal(true) });
export type Printed = z.infer<typeof printed>;
