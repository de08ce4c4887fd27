/** Checks signed versions against what they claim: content, chain, signature, and the audit entry of their signing. */
import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { contentHash } from '../audit/hash.ts';
import { readEntry } from '../audit/entryText.ts';
import type { Queryable } from '../ports.ts';
import { keyId } from './keys.ts';
import { versionsInOrder, type VersionToCheck } from './store.ts';

export interface VersionVerdict {
  readonly plan: string;
  readonly number: number;
  /** Why the version does not hold; undefined when it does. */
  readonly why?: string;
}

const batchSize = 50;
const claim = z.object({
  v: z.literal(1), type: z.literal('plan-version'), plan: z.string(), number: z.number(), previousHash: z.string().nullable(), contentHash: z.string(),
  position: z.number(), signer: z.object({ id: z.string() }), signedAt: z.string(), keyId: z.string(),
});

/** Every version of the database in order of plan and number. */
export async function* verifyEveryVersion(db: Queryable): AsyncGenerator<VersionVerdict> {
  let before: VersionToCheck | undefined;
  for (;;) {
    const batch: VersionToCheck[] = await versionsInOrder(db, before?.planId ?? '', before?.number ?? 0, batchSize);
    for (const version of batch) {
      const why = fault(version, before?.planId === version.planId ? before : undefined);
      yield { plan: version.planId, number: version.number, ...(why === undefined ? {} : { why }) };
      before = version;
    }
    if (batch.length < batchSize) return;
  }
}

function fault(version: VersionToCheck, previous: VersionToCheck | undefined): string | undefined {
  if (version.number !== (previous?.number ?? 0) + 1) return 'the version before it is missing';
  if (contentHash(version.content) !== version.contentHash) return 'the content is not what its hash was taken of';
  if (version.previousHash !== (previous?.contentHash ?? null)) return 'it does not follow the version before it';
  if (version.publicKey === null) return `no key ${version.keyId} is known`;
  const key = readKey(version.publicKey);
  // A key's name is made from it: another one cannot be put under the same name.
  if (!key || keyId(key) !== version.keyId) return `the key that is kept as ${version.keyId} is another one`;
  if (!isSigned(version, key)) return 'the signature does not fit the statement';
  return claimFault(version) ?? auditFault(version);
}

/** The key, or undefined when this cannot be read as one. */
function readKey(pem: string): KeyObject | undefined {
  try {
    return createPublicKey(pem);
  } catch {
    return undefined;
  }
}

function isSigned({ statement, signature }: VersionToCheck, key: KeyObject): boolean {
  try {
    return verify(null, Buffer.from(statement, 'utf8'), key, Buffer.from(signature, 'base64'));
  } catch {
    // A signature that cannot even be read, or a key of another kind, fits nothing.
    return false;
  }
}

/** The signed statement has to say what the row says. */
function claimFault(version: VersionToCheck): string | undefined {
  const parsed = claim.safeParse(JSON.parse(version.statement));
  if (!parsed.success) return 'the statement cannot be read';
  const said = parsed.data;
  const agrees = said.plan === version.planId && said.number === version.number && said.previousHash === version.previousHash && said.contentHash === version.contentHash
    && said.position === version.position && said.signer.id === version.signedBy && said.signedAt === version.signedAt.toISOString() && said.keyId === version.keyId;
  return agrees ? undefined : 'the row says something else than its signed statement';
}

/** A version that the plan's chain does not know of was not signed the way versions are. */
function auditFault(version: VersionToCheck): string | undefined {
  if (version.auditEntry === null) return 'the audit chain does not know of its signing';
  const entry = readEntry(version.auditEntry);
  const { ref } = entry ?? {};
  // The key too: a statement signed anew, with another time or another name in it, needs a key that the sealed entry does not name.
  const same = entry?.actor.id === version.signedBy && ref?.['contentHash'] === version.contentHash && ref['position'] === version.position && ref['keyId'] === version.keyId;
  return same ? undefined : 'the audit chain tells of another signing';
}
