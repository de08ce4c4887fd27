/** `npm run mutants`: tries every deliberately broken build and prints what noticed each; ends with 1 when one was noticed by nothing. `-- word` tries those whose names hold the word. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { failsUnbroken, tryOut } from './brokenBuild.ts';
import { mutants } from './mutantList.ts';

const seeds = 200;
const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(): Promise<number> {
  const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '../..');
  const word = process.argv[2] ?? '';
  const tried = mutants.filter(({ name }) => name.includes(word));
  if (tried.length === 0) throw new Error(`No broken build is called anything with “${word}”; there are:\n${mutants.map(({ name }) => name).join('\n')}`);
  const fails = await failsUnbroken(root, [...new Set(tried.flatMap(({ suites }) => suites ?? []))], seeds);
  if (fails !== undefined) throw new Error(`Without any defect this fails already, so nothing can be said of broken builds: ${fails}`);
  let survived = 0;
  say('| a build that … | is caught by | how |');
  say('| --- | --- | --- |');
  for (const mutant of tried) {
    const { by, how } = await tryOut(root, mutant, seeds);
    if (by === undefined) survived += 1;
    say(`| ${mutant.name} | ${by ?? 'NOTHING'} | ${how.slice(0, 160).replaceAll('|', '/')} |`);
  }
  say(`${tried.length - survived} of ${tried.length} caught`);
  return survived === 0 ? 0 : 1;
}

main().then((code) => process.exit(code), (error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
