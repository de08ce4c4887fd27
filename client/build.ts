/** Builds the screen when its sources changed since it was last built. `npm run build` does the same by hand. */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const built = path.join(root, 'client', 'dist');
const stampName = 'built-from.txt';

/** True when a build was needed and made. Throws one plain line when the sources cannot be built. */
export async function buildIfStale(): Promise<boolean> {
  const wanted = await hashOfSources();
  if ((await readFile(path.join(built, stampName), 'utf8').catch(() => '')) === wanted) return false;
  const { build } = await import('vite').catch(() => {
    throw new Error('The screen is not built and cannot be built here: run npm ci (with development packages), or npm run build beforehand.');
  });
  // Made aside and moved into place: a running service never serves half a screen.
  const draft = path.join(root, 'client', 'dist', `.draft-${process.pid}`);
  await mkdir(draft, { recursive: true });
  const options = { outDir: draft, emptyOutDir: true, reportCompressedSize: false };
  await build({ root: path.join(root, 'client'), configFile: path.join(root, 'vite.config.ts'), logLevel: 'silent', build: options }).catch((error: unknown) => {
    throw new Error(`The screen could not be built: ${(error instanceof Error ? error.message : String(error)).replace(/\s*\n\s*/g, ' | ')}`);
  });
  await nameFiles(draft);
  await writeFile(path.join(draft, stampName), wanted);
  const aside = `${built}.${process.pid}`;
  await rename(draft, aside);
  await rm(built, { recursive: true, force: true });
  await rename(aside, built);
  return true;
}

/** Puts the names of the screen's files before the service worker, which can import nothing; other files make another worker. */
async function nameFiles(draft: string): Promise<void> {
  const worker = path.join(draft, 'service-worker.js');
  const entries = await readdir(draft, { recursive: true, withFileTypes: true });
  const found = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name)).filter((file) => file !== worker);
  const files = found.map((file) => `/${path.relative(draft, file).replaceAll(path.sep, '/')}`).sort();
  const version = createHash('sha256').update(files.join('\n')).update(await readFile(path.join(draft, 'index.html'))).digest('hex').slice(0, 16);
  await writeFile(worker, `const accordFiles = ${JSON.stringify({ version, files })};\n${await readFile(worker, 'utf8')}`);
}

/** One hash over everything that a build reads: names and contents. */
async function hashOfSources(): Promise<string> {
  const hash = createHash('sha256');
  const files = ['package-lock.json', 'vite.config.ts', ...(await filesUnder('client')), ...(await filesUnder('shared'))];
  for (const file of files) hash.update(file).update('\0').update(await readFile(path.join(root, file))).update('\0');
  return hash.digest('hex');
}

async function filesUnder(folder: string): Promise<string[]> {
  const entries = await readdir(path.join(root, folder), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
    .filter((file) => !/^client[\\/]dist/.test(file) && !file.endsWith('.md'))
    .sort();
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await buildIfStale();
