/** The keys of the audit log on this node: one signs our own checkpoints, another co-signs those of other houses. Both lie in DATA_DIR/keys. */
import type { Queryable, Random, Settings } from '../ports.ts';
import { nodeKey } from '../versions/keys.ts';
import type { SignerKey } from './note.ts';
import { latestCheckpoint } from './treeStore.ts';

interface Needs {
  readonly db: Queryable;
  readonly random: Random;
  readonly settings: Pick<Settings, 'dataDir' | 'publicUrl'>;
}

/** What our log is called: as its checkpoints call it so far, otherwise after the address at which this house is reached. It never changes again. */
export async function originOf({ db, settings }: Pick<Needs, 'db' | 'settings'>): Promise<string> {
  return (await latestCheckpoint(db))?.origin ?? `${new URL(settings.publicUrl).host}/accord-audit`;
}

/** Signs our checkpoints; `id` is what the table of keys knows it by. */
export async function logKey(needs: Needs): Promise<SignerKey & { readonly id: string; readonly publicKey: string }> {
  const { dataDir } = needs.settings;
  return { name: await originOf(needs), ...(await nodeKey(dataDir, 'log', needs.random)) };
}

/** Co-signs others' checkpoints. Its name is our log's with another ending: one key is never used for both. */
export async function witnessKey(needs: Needs): Promise<SignerKey> {
  return { name: (await originOf(needs)).replace(/accord-audit$/, 'accord-witness'), ...(await nodeKey(needs.settings.dataDir, 'witness', needs.random)) };
}
