/** Brings the copies outside the database up to it: what another node sealed, and what this one sealed just before it stopped. */
import type { Logger } from 'pino';
import { keepOutside, readOutside } from './outside.ts';
import { keysOutside, verifierOfPem } from './signedRoots.ts';
import { checkpointsAfter, publishedKey } from './treeStore.ts';
import type { TrustNeeds } from './trust.ts';
import type { Break } from './verifyTree.ts';

const pageSize = 500;

/** `keptTo`: how far this node knows the copies to go; a file that ends before that was cut. */
export async function catchUp({ db, settings, log }: TrustNeeds & { readonly log: Logger }, keptTo: number): Promise<{ readonly keptTo: number; readonly breaks: readonly Break[] }> {
  const outside = await readOutside(settings.checkpointsDir);
  let size = outside.kept.reduce((most, kept) => Math.max(most, kept.size), 0);
  const breaks = size < keptTo ? [{ where: 'the copies outside the database', why: `they ended at checkpoint ${keptTo} and end at ${size} now: the file was cut` }] : [];
  const known = new Set(keysOutside(outside).map(({ name, id }) => `${name}+${id}`));
  for (;;) {
    const missing = await checkpointsAfter(db, size, pageSize);
    for (const row of missing) {
      const pem = await publishedKey(db, row.keyId);
      if (pem === undefined) return { keptTo: size, breaks: [...breaks, { where: `checkpoint ${row.size}`, why: 'it is signed with a key that no node has published: it and what follows it are not copied outside the database' }] };
      const key = verifierOfPem(row.origin, pem);
      const short = key.split('+').slice(0, 2).join('+');
      if (known.size > 0 && !known.has(short)) log.warn({ key: short }, 'a key that was never seen before signs checkpoints');
      known.add(short);
      await keepOutside(settings.checkpointsDir, [{ key, note: row.note }], row.at);
      size = row.size;
    }
    if (missing.length < pageSize) return { keptTo: size, breaks };
  }
}
