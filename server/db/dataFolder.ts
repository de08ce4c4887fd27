/** One service on one data folder: a lock file that names its holder, and survives its holder's sudden death without locking anyone out. */
import { existsSync, readFileSync } from 'node:fs';
import { link, mkdir, readFile, rename, rm, unlink, writeFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import path from 'node:path';

export interface FolderLock {
  release(): Promise<void>;
}

/** Takes the folder for this process, making it when it is not there. Throws one plain line when a living service holds it. */
export async function lockDataFolder(folder: string): Promise<FolderLock> {
  await mkdir(folder, { recursive: true });
  const lock = path.join(folder, 'service.lock');
  const mine = `${process.pid} ${await processStart(process.pid)}\n`;
  const draft = path.join(folder, `service.lock.${process.pid}.${randomBytes(4).toString('hex')}`);
  await writeFile(draft, mine);
  try {
    for (let attempt = 0; attempt < 5; attempt += 1) {
      if (await linked(draft, lock)) return { release: () => releaseIf(lock, mine) };
      const held = await readFile(lock, 'utf8').catch(ignoreMissing);
      if (held === undefined) continue;
      if (await isAlive(held)) break;
      await setAside(lock, held, `${draft}.stale`);
    }
  } finally {
    await rm(draft, { force: true });
  }
  const holder = (await readFile(lock, 'utf8').catch(ignoreMissing))?.split(' ')[0] ?? 'unknown';
  throw new Error(`DATA_DIR ${folder} is in use by another running service (process ${holder}): stop that one, or set DATA_DIR to another folder.`);
}

/** When the process started, as the kernel tells it: a number reused by a later process is told apart. Empty where that cannot be known. */
async function processStart(pid: number): Promise<string> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  // The name in brackets may hold blanks; the start time is the 20th field after it.
  return text?.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

async function isAlive(held: string): Promise<boolean> {
  const [pidText = '', start = ''] = held.trim().split(' ');
  const pid = Number(pidText);
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  if (!processExists(pid)) return false;
  return (await processStart(pid)) === start;
}

/** True when a process with this number runs, ours or not. One that has ended but whose parent has not yet asked how is gone. */
export function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return !hasEnded(pid);
}

/** An orphan may stay in the kernel's list for seconds until the system's first process collects it; it holds nothing any more. */
function hasEnded(pid: number): boolean {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return ['Z', 'X'].includes(text.slice(text.lastIndexOf(')') + 2, text.lastIndexOf(')') + 3));
  } catch (error) {
    // Gone between the two questions, where there is such a list at all.
    return existsSync('/proc/self/stat') && ['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '');
  }
}

async function setAside(lock: string, expected: string, aside: string): Promise<void> {
  const moved = await rename(lock, aside).then(() => true, ignoreMissing);
  if (!moved) return;
  // Someone else may have replaced the dead lock between our look and our move: then theirs goes back.
  if ((await readFile(aside, 'utf8')) !== expected) await linked(aside, lock);
  await unlink(aside);
}

const linked = (from: string, to: string): Promise<boolean> =>
  link(from, to).then(() => true, (error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST') return false;
    throw error;
  });

async function releaseIf(lock: string, mine: string): Promise<void> {
  if ((await readFile(lock, 'utf8').catch(ignoreMissing)) === mine) await rm(lock, { force: true });
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT') return undefined;
  throw error;
}
