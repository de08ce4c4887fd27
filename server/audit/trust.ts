/** What a walk on this node believes besides the database: the copies outside it, the keys that they were kept with, this node's own key, and the configured witnesses. */
import type { Queryable, Random, Settings } from '../ports.ts';
import { hasKey } from '../versions/keys.ts';
import { logKey } from './logKeys.ts';
import { readVerifier, verifierText } from './note.ts';
import { readOutside } from './outside.ts';
import { keysOutside, type Trust } from './signedRoots.ts';

export interface TrustNeeds {
  readonly db: Queryable;
  readonly random: Random;
  readonly settings: Pick<Settings, 'dataDir' | 'publicUrl' | 'checkpointsDir' | 'witnesses'>;
}

/** `makesKey`: false for a program that must not make this node's key where there is none. */
export async function trustHere(needs: TrustNeeds, makesKey = true): Promise<Trust> {
  const { checkpointsDir, witnesses } = needs.settings;
  const outside = await readOutside(checkpointsDir);
  const kept = keysOutside(outside);
  const ownKey = makesKey || (await hasKey(needs.settings.dataDir, 'log'));
  const own = ownKey ? await ownVerifier(needs) : undefined;
  const known = kept.some(({ name, id }) => name === own?.name && id === own.id);
  return {
    // Before anything was kept there is nothing to hold against.
    outside: ownKey || outside.kept.length > 0 || outside.faults.length > 0 ? outside : undefined,
    readAgain: () => readOutside(checkpointsDir),
    keys: own && !known ? [...kept, own] : kept,
    witnesses: witnesses.map(({ key }) => readVerifier(key)).filter((key) => key !== undefined),
  };
}

async function ownVerifier(needs: TrustNeeds) {
  const key = await logKey(needs);
  return readVerifier(verifierText(key.name, 'note', key.raw));
}
