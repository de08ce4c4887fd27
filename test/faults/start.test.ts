/** The real process: it starts on nothing, refuses in one line, gives everything back in order, and comes back from the hardest stop. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { processExists } from '../../server/db/dataFolder.ts';
import { eventually } from '../support/eventually.ts';
import { refusedStart, startProduct, type Product } from '../support/product.ts';
import { freePort } from '../support/redis.ts';

const slow = 240_000;
let product: Product;
let spare: string;
beforeAll(async () => {
  spare = await mkdtemp(path.join(tmpdir(), 'accord-spare-'));
  product = await startProduct();
}, slow);
afterAll(async () => {
  await product.dispose();
  await rm(spare, { recursive: true, force: true });
}, slow);

const signIn = async (): Promise<string> => {
  const { people } = (await (await fetch(`${product.url}/api/demo/people`)).json()) as { people: { id: string }[] };
  const answer = await fetch(`${product.url}/api/session`, {
    method: 'POST', headers: { 'content-type': 'application/json', origin: product.url }, body: JSON.stringify({ personId: people[0]?.id }),
  });
  return answer.headers.get('set-cookie')?.split(';')[0] ?? '';
};
const whoAmI = (cookie: string) => fetch(`${product.url}/api/session`, { headers: { cookie } });
const postmaster = (): number => Number(readFileSync(path.join(product.dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);

describe('start', () => {
  test('[ST3] one plain line with the address once it is ready; everything else is JSON', () => {
    const lines = product.output().trim().split('\n');
    expect(lines.filter((line) => !line.startsWith('{'))).toEqual([`Accord is ready at ${product.url}`]);
    for (const line of lines.filter((one) => one.startsWith('{'))) expect(() => JSON.parse(line) as unknown).not.toThrow();
  });

  test('[ST4] a second service on the same folder is refused in one line, and the first goes on', async () => {
    const { code, errors } = await refusedStart({ DATA_DIR: product.dataDir, PORT: String(await freePort()) });
    expect(code).toBe(1);
    expect(errors).toMatch(/^DATA_DIR .* is in use by another running service \(process \d+\): .*\n$/);
    expect((await fetch(`${product.url}/readyz`)).status).toBe(200);
  }, slow);

  test('[ST5] a port that is taken, a database that does not answer and a wrong setting: one line and exit code 1', async () => {
    const taken = await refusedStart({ DATA_DIR: spare, PORT: String(product.port) });
    expect(taken).toMatchObject({ code: 1, errors: expect.stringMatching(/^PORT \d+ on 127\.0\.0\.1 is taken by another program: .*\n$/) });
    const silent = await refusedStart({ DEMO: 'true', PORT: String(await freePort()), DATABASE_URL: `postgres://accord:secret@127.0.0.1:${await freePort()}/accord` });
    expect(silent).toMatchObject({ code: 1, errors: expect.stringMatching(/^DATABASE_URL should name a PostgreSQL server that answers: .* does not \(ECONNREFUSED\)\.\n$/) });
    expect(silent.errors).not.toContain('secret');
    expect(await refusedStart({ PORT: 'x' })).toEqual({ code: 1, errors: 'PORT should be a whole number from 0 to 65535.\n', output: '' });
  }, slow);
});

describe('stop and kill', () => {
  test('[ST6] HAZ-01 killed without warning again and again, it comes back with everything, and its PostgreSQL never outlives it', async () => {
    const cookie = await signIn();
    for (let round = 0; round < 3; round += 1) {
      const before = postmaster();
      await product.stop('SIGKILL');
      await product.restart();
      expect(processExists(before)).toBe(false);
      expect((await whoAmI(cookie)).status).toBe(200);
    }
  }, slow);

  test('[ST6] a process that has ended is gone, also while nobody has collected it', async () => {
    // The shell becomes a program that never asks after the child it was left with.
    const keeper = spawn('/bin/sh', ['-c', 'sleep 0.01 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] });
    try {
      const [said] = (await once(keeper.stdout, 'data')) as [Buffer];
      const pid = Number(said.toString());
      await eventually(() => expect(processExists(pid)).toBe(false));
      expect(processExists(keeper.pid ?? 0)).toBe(true);
    } finally {
      keeper.kill('SIGKILL');
    }
  });

  test('[ST7] PostgreSQL killed under it is started again by itself', async () => {
    const cookie = await signIn();
    const before = postmaster();
    process.kill(before, 'SIGKILL');
    await eventually(async () => {
      expect((await whoAmI(cookie)).status).toBe(200);
      expect(postmaster()).not.toBe(before);
    }, 60_000);
  }, slow);

  test('[ST8] asked to stop, it stops PostgreSQL last, gives the folder back and ends with 0', async () => {
    const server = postmaster();
    expect(await product.stop('SIGTERM')).toBe(0);
    expect(processExists(server)).toBe(false);
    expect(existsSync(path.join(product.dataDir, 'postgres', 'postmaster.pid'))).toBe(false);
    expect(existsSync(path.join(product.dataDir, 'service.lock'))).toBe(false);
    expect(readFileSync(path.join(product.dataDir, 'postgres.log'), 'utf8').trim().split('\n').at(-1)).toContain('database system is shut down');
  }, slow);

  test('[ST9] HAZ-12 neither its log nor PostgreSQL’s holds a number or a name of a patient', () => {
    const written = product.output() + readFileSync(path.join(product.dataDir, 'postgres.log'), 'utf8');
    expect(written).not.toMatch(/\b999 ?\d{3} ?\d{4}\b/);
    for (const name of ['Finch', 'Ashby', 'Penrose']) expect(written).not.toContain(name);
  });
});
