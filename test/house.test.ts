/** The tree's own rules: where arrows may point, how long files get, and that rules and tests know each other. */
import { describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { roles } from '../shared/domain/roles.ts';

const root = path.join(__dirname, '..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');
/** Files that belong to the project: tracked by git, or new and not ignored; without git, whatever lies in the source folders. */
const files = ((): string[] => {
  try {
    return execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8' }).trim().split('\n').filter((file) => existsSync(path.join(root, file)));
  } catch {
    return ['client', 'server', 'shared', 'test'].flatMap((folder) =>
      readdirSync(path.join(root, folder), { recursive: true }).map((name) => path.join(folder, String(name)))).filter((file) => /\.[a-z]+$/.test(file) && !file.startsWith('client/dist'));
  }
})();
const code = files.filter((file) => /\.(ts|tsx)$/.test(file));
const product = code.filter((file) => /^(shared|server|client)\//.test(file));

interface Import { readonly from: string; readonly to: string }
const imports: readonly Import[] = code.flatMap((from) =>
  [...read(from).matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(([, specifier = '']) => ({
    from,
    to: specifier.startsWith('.') ? path.normalize(path.join(path.dirname(from), specifier)) : specifier,
  })));
const offenders = (wrong: (one: Import) => boolean): string[] => imports.filter(wrong).map(({ from, to }) => `${from} → ${to}`);
const top = (file: string): string => file.split('/')[0] ?? '';
const area = (file: string): string => file.split('/').slice(0, 2).join('/');

describe('arrows point inwards', () => {
  test('[HS1] shared imports nothing of ours but itself, and nothing that only a server has', () => {
    expect(offenders(({ from, to }) => top(from) === 'shared' && (['server', 'client', 'test'].includes(top(to)) || /^(node:|pg$|redis$|express$|ws$|react)/.test(to)))).toEqual([]);
  });

  test('[HS1] client imports only shared and itself; the server only shared and itself, and the build of the screen', () => {
    expect(offenders(({ from, to }) => top(from) === 'client' && ['server', 'test'].includes(top(to)))).toEqual([]);
    expect(offenders(({ from, to }) => top(from) === 'server' && ['client', 'test'].includes(top(to)))).toEqual(['server/main.ts → client/build.ts']);
  });

  test('[HS2] only server/db speaks to the Postgres driver, only server/bus to Redis', () => {
    expect(offenders(({ from, to }) => top(from) !== 'test' && to === 'pg' && area(from) !== 'server/db')).toEqual([]);
    expect(offenders(({ from, to }) => top(from) !== 'test' && to === 'redis' && area(from) !== 'server/bus')).toEqual([]);
  });

  test('[HS3] only the inside of documents knows Yjs', () => {
    // The demo writes its patients through the same documents that people write in; ports names the type in passing.
    const allowed = ['shared/crdt', 'server/collab', 'client/collab', 'server/demo', 'server/ports.ts'];
    const yjs = /^(yjs|y-protocols|y-websocket|lib0|@tiptap\/y-tiptap)(\/|$)/;
    expect(offenders(({ from, to }) => top(from) !== 'test' && yjs.test(to) && !allowed.includes(area(from)) && !isEditor(from))).toEqual([]);
  });
  const isEditor = (file: string): boolean => /^client\/plan\/Prose/.test(file);

  test('[HS4] no feature imports another feature’s routes or commands; app.ts alone joins them', () => {
    expect(offenders(({ from, to }) => top(from) === 'server' && from !== 'server/app.ts' && /\/(routes|commands)\.ts$/.test(to) && area(from) !== area(to))).toEqual([]);
  });
});

describe('one place decides', () => {
  test('[AC12] who may do what is not told from a role anywhere but in the table of access: nothing else compares a role with one by name', () => {
    const named = new RegExp(`[rR]ole\\s*(===|!==)\\s*'(${roles.join('|')})'|'(${roles.join('|')})'\\s*(===|!==)|\\[[^\\]]*'(${roles.join('|')})'[^\\]]*\\]\\.includes`);
    // The table and its reader; who counts for a quorum, and what a role is there for, grant nothing.
    const allowed = ['shared/domain/access.ts', 'shared/domain/accessTable.ts', 'shared/domain/meetingQuorum.ts', 'shared/domain/careTeam.ts'];
    expect(product.filter((file) => !allowed.includes(file) && named.test(read(file)))).toEqual([]);
    expect(named.test(read('shared/domain/meetingQuorum.ts'))).toBe(true);
  });
});

describe('rooms stay small', () => {
  test('[HS5] no file of code is longer than 300 lines', () => {
    expect(code.map((file) => [file, read(file).split('\n').length - 1] as const).filter(([, lines]) => lines > 300)).toEqual([]);
  });

  test('[HS5] folders are two deep at most and named after what is in them', () => {
    const deep = product.filter((file) => file.split('/').length > 4 || /(^|\/)(utils?|helpers?|common|core|misc)(\/|\.tsx?$)/.test(file));
    expect(deep).toEqual([]);
  });

  test('[HS5] no file only passes on what others export', () => {
    expect(product.filter((file) => /^index\.tsx?$/.test(path.basename(file)) || /^\s*export \* from/m.test(read(file)))).toEqual([]);
  });

  test('[HS6] every file says at its top what it is for', () => {
    expect(product.filter((file) => !/^(#!.*\n)?\s*(\/\*\*|\/\/)/.test(read(file)))).toEqual([]);
  });
});

describe('rules and tests know each other', () => {
  const specification = files.filter((file) => file === 'shared/SPEC.md').map(read).join('\n');
  const rules = new Set([...specification.matchAll(/^- \*\*\[([A-Z]{2}\d+[a-z]?)\]\*\*/gm)].map(([, id]) => id ?? ''));
  const titles = files.filter((file) => /^test\/.*\.(test|spec)\.tsx?$/.test(file)).flatMap((file) => [...read(file).matchAll(/\[([A-Z]{2}\d+[a-z]?)\]/g)].map(([, id]) => id ?? ''));
  const cited = new Set(titles);

  test('[HS7] every rule is cited by the title of a test, and every rule cited exists', () => {
    expect({ uncited: [...rules].filter((id) => !cited.has(id)), unknown: [...cited].filter((id) => !rules.has(id)) }).toEqual({ uncited: [], unknown: [] });
    expect(rules.size).toBeGreaterThan(20);
  });

  test('[HS7] no test is switched off, and none is the only one that runs', () => {
    const off = /\b(it|test|describe)\.(skip|only|todo|fixme)\(|\b(xit|xtest|xdescribe|fit|fdescribe)\(/;
    expect(files.filter((file) => /^test\/.*\.tsx?$/.test(file) && off.test(read(file)))).toEqual([]);
  });
});

describe('the package', () => {
  test('[HS8] the lock file names no place that packages were fetched from', () => {
    expect(read('package-lock.json')).not.toMatch(/"resolved":/);
  });

  test('[HS8] every version is one exact version', () => {
    const { dependencies, devDependencies } = JSON.parse(read('package.json')) as Record<string, Record<string, string>>;
    expect(Object.entries({ ...dependencies, ...devDependencies }).filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
  });

  test('[HS9] the two servers of docker-compose.yml are the same but for their names, and have what a node needs', () => {
    const compose = read('docker-compose.yml');
    const services = compose.slice(compose.indexOf('\nservices:'), compose.indexOf('\nvolumes:'));
    const names = [...services.matchAll(/^ {2}([a-z0-9-]+):$/gm)].map(([, name]) => name);
    expect(names).toEqual(['postgres', 'redis', 'node-one', 'node-two', 'balancer']);
    const [one, two] = ['node-one', 'node-two'].map((name) => blockOf(compose, `  ${name}:`));
    expect(one).toEqual(two);
    // All that a node is stands once, in what both of them take over.
    expect(one).toEqual(['<<: *node']);
    const node = blockOf(compose, 'x-node: &node');
    for (const setting of ['DATABASE_URL', 'REDIS_URL', 'PUBLIC_URL', 'DEMO', 'HOST']) expect(node.filter((line) => line.startsWith(`${setting}: `))).toHaveLength(1);
    for (const part of ['build:', 'depends_on:', 'volumes:', 'healthcheck:']) expect(node).toContain(part);
    for (const file of [...compose.matchAll(/(?:dockerfile: |- \.\/)([\w./-]+)/g)].map(([, name]) => name ?? '')) expect(existsSync(path.join(root, file))).toBe(true);
    for (const name of ['node-one', 'node-two']) {
      expect(blockOf(compose, '  balancer:')).toContain(`- ${name}`);
      expect(read('server/balancer.cfg')).toMatch(new RegExp(`^ *server .*\\b${name}:3000\\b`, 'm'));
    }
  });

  /** The lines below `head` that are indented deeper, without blanks and remarks. */
  function blockOf(text: string, head: string): readonly string[] {
    const lines = text.split('\n').filter((line) => !/^\s*(#|$)/.test(line));
    const depth = (line: string): number => line.length - line.trimStart().length;
    const from = lines.findIndex((line) => line.trimEnd() === head) + 1;
    if (from === 0) throw new Error(`docker-compose.yml has no ${head.trim()}`);
    const end = lines.findIndex((line, at) => at >= from && depth(line) <= depth(head));
    return lines.slice(from, end < 0 ? undefined : end).map((line) => line.trim());
  }
});
