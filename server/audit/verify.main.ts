/** `npm run audit:verify`: walks every chain, what it vouches for, every version and the Merkle log of a database. Prints one line for each thing that does not hold, and a summary; ends with 0 or 1. */
import { runCommand } from '../config/command.ts';
import { systemRandom } from '../config/system.ts';
import type { Database, Settings } from '../ports.ts';
import { withStore } from './openStore.ts';
import { trustHere } from './trust.ts';
import { walkWhole } from './walk.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function verify(db: Database, settings: Settings): Promise<boolean> {
  const trust = await trustHere({ db, settings, random: systemRandom }, false);
  const found = await walkWhole(db, trust, ({ where, why }) => say(`${where} ${why}`));
  const { chains, entries, versions, brokenChains, brokenVersions, logBreaks, size, checkpoints, cosignatures } = found;
  if (trust.keys.length === 0 && checkpoints > 0) say(`no checkpoint is kept in ${settings.checkpointsDir}: the keys of the log were taken from the database itself, whose owner could have replaced them`);
  say(`${chains} chains with ${entries} entries, ${versions} versions; ${brokenChains} chains and ${brokenVersions} versions do not hold`);
  say(`${size} entries sealed under ${checkpoints} checkpoints, ${cosignatures} cosignatures; ${logBreaks} breaks of the log`);
  return brokenChains + brokenVersions + logBreaks === 0;
}

runCommand(withStore(process.env, verify));
