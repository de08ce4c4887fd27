/** `npm run audit:erase -- person_… --reason asked`, `npm run audit:retire -- <key id>`: what an operator may do to names and keys. One line says what was done; ends with 0 or 1. */
import { parseArgs } from 'node:util';
import { parseId } from '../../shared/ids.ts';
import type { Result } from '../../shared/refusal.ts';
import { runCommand } from '../config/command.ts';
import { systemRandom } from '../config/system.ts';
import type { Database } from '../ports.ts';
import { withStore } from './openStore.ts';
import { eraseName, erasureReasons, retireKey } from './operator.ts';

type Order = (db: Database) => Promise<Result<void>>;

/** The order and what to say once it is carried out. Throws one plain line when it cannot be understood. */
function read(args: readonly string[]): { readonly order: Order; readonly said: string } {
  const { values, positionals: [what, id = '', ...more] } = parseArgs({ args: [...args], allowPositionals: true, options: { reason: { type: 'string' } } });
  if (more.length > 0) throw new Error('One id at a time.');
  if (what === 'retire') {
    if (!/^[0-9a-f]{32}$/.test(id)) throw new Error('Name the key by its 32 hex digits: npm run audit:retire -- <key id>');
    return { order: (db) => retireKey(db, systemRandom, id), said: `${id} is retired. Move its file out of DATA_DIR/keys and start the nodes again: each makes a new key.` };
  }
  const person = parseId('person', id);
  const reason = erasureReasons.find((one) => one === values.reason);
  if (!person || !reason) throw new Error(`Name the person by their id and say why: npm run audit:erase -- person_… --reason ${erasureReasons.join('|')}`);
  return { order: (db) => eraseName(db, systemRandom, person, reason), said: `The name of ${person} is erased. What they signed keeps it: it is part of the signed statement.` };
}

async function main(): Promise<boolean> {
  const { order, said } = read(process.argv.slice(2));
  const done = await withStore(process.env, order);
  if (!done.ok) throw new Error(done.refusal.detail);
  process.stdout.write(`${said}\n`);
  return true;
}

runCommand(main());
