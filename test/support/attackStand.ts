/** What every attack is tried on: the whole service on real sockets, two people at work whom nothing may disturb, and everything that was logged. */
import { expect } from '@jest/globals';
import type * as Y from 'yjs';
import type { Actor, Role } from '../../shared/domain/roles.ts';
import { fieldById } from '../../shared/content/standard.ts';
import type { Field } from '../../shared/content/kinds.ts';
import { readField, writeValue } from '../../shared/crdt/sectionDocument.ts';
import { makeNhsNumber } from '../../shared/domain/nhsNumber.ts';
import type { PlanId } from '../../shared/ids.ts';
import { startApp, type Api, type TestApp, type TestAppOptions } from './app.ts';
import { eventually } from './eventually.ts';
import { openProvider, openSocket, type RawSocket, type Writer } from './provider.ts';
import { openLine, type Line } from './rawLine.ts';

const cast = {
  gp: ['gp', 'org_elm', true], nurse: ['community-nurse', 'org_hub', false], hospice: ['hospice-clinician', 'org_hub', true], social: ['social-worker', 'org_hub', false],
  home: ['care-home-nurse', 'org_hub', false], coordinator: ['coordinator', 'org_hub', false], privacy: ['privacy-officer', 'org_hub', false],
  paramedic: ['urgent-care', 'org_ambulance', false], outsider: ['coordinator', 'org_elsewhere', false], stranger: ['gp', 'org_elsewhere', true],
} as const satisfies Record<string, readonly [Role, string, boolean]>;
export type Who = keyof typeof cast;

const preferredName = fieldById('preferredName') as Field;
let numbers = 999_300_000;
/** A number that no other plan of the run has. */
export const nextNumber = (): string => makeNhsNumber(String((numbers += 1))) ?? nextNumber();

export interface AttackStand {
  readonly app: TestApp;
  readonly port: number;
  readonly people: Readonly<Record<Who, Actor>>;
  readonly cookies: Readonly<Record<Who, string>>;
  /** A plan of the hub and the surgery. */
  readonly planId: PlanId;
  /** Every line that the service logged. */
  readonly lines: readonly string[];
  as(who: Who): Api;
  newPlan(who?: Who, familyName?: string): Promise<PlanId>;
  /** A socket of this person that can say anything; `address` is what follows `/sync`. */
  socket(address: string, who?: Who, headers?: Readonly<Record<string, string>>): RawSocket;
  line(first?: string | Uint8Array): Line;
  writer(sectionId: string, who: Who, doc?: Y.Doc): Writer;
  /** Two people write and read in the plan while `attack` goes on and once more after it; every word arrives and the service is alive. */
  undisturbed<T>(attack: () => Promise<T>): Promise<T>;
  /** Whatever was opened through this stand is closed. */
  closeSockets(): void;
  close(): Promise<void>;
}

export async function makeAttackStand(options: TestAppOptions = {}): Promise<AttackStand> {
  const lines: string[] = [];
  const app = await startApp({ ...options, logTo: (line) => void lines.push(line) });
  const people = {} as Record<Who, Actor>;
  const cookies = {} as Record<Who, string>;
  for (const [name, [role, organisationId, senior]] of Object.entries(cast) as [Who, (typeof cast)[Who]][]) {
    people[name] = await app.person(`${name}-one`, role, { organisationId, senior });
    cookies[name] = await app.signIn(people[name].id);
  }
  const ends: (() => void)[] = [];
  const as = (who: Who): Api => app.api(cookies[who]);
  const newPlan = async (who: Who = 'coordinator', familyName = 'Testwell'): Promise<PlanId> => {
    const made = await as(who).post('/api/plans', { patient: { nhsNumber: nextNumber(), familyName, givenName: 'Ada', birthDate: '1941-06-05' } });
    if (made.status !== 201) throw new Error(JSON.stringify(made.body));
    return made.body['id'] as PlanId;
  };
  const planId = await newPlan();
  expect(await as('coordinator').post(`/api/plans/${planId}/team`, { organisationId: 'org_elm', relationship: 'GP practice' })).toMatchObject({ status: 201 });
  const ws = app.url.replace('http', 'ws') + '/sync';
  const kept = <T extends { end(): void }>(made: T): T => {
    ends.push(() => made.end());
    return made;
  };
  let rounds = 0;

  const stand: AttackStand = {
    app, port: app.settings.port, people, cookies, planId, lines, as, newPlan,
    socket: (address, who, headers = {}) => kept(openSocket(ws, address, { ...(who ? { cookie: cookies[who] } : {}), ...headers })),
    line: (first) => kept(openLine(app.settings.port, first)),
    writer: (sectionId, who, doc) => kept(openProvider(ws, planId, sectionId, cookies[who], doc)),
    undisturbed: async (attack) => {
      const [nurse, gp] = [stand.writer('identity', 'nurse'), stand.writer('identity', 'gp')];
      await Promise.all([nurse.synced(), gp.synced()]);
      let over = false;
      const attacking = attack().finally(() => { over = true; });
      // Said again below; without this a failure that comes early would end the run instead of the test.
      attacking.catch(() => undefined);
      for (let last = false; ; last = over) {
        const word = `Peggy ${(rounds += 1)}`;
        writeValue(nurse.doc, preferredName, word);
        await eventually(() => expect(readField(gp.doc, preferredName)).toBe(word), 20_000);
        expect((await app.api().get('/livez')).status).toBe(200);
        if (last) break;
        if (!over) await Promise.race([attacking.catch(() => undefined), new Promise((resolve) => void setTimeout(resolve, 50))]);
      }
      expect([nurse.stopped(), gp.stopped()]).toEqual([undefined, undefined]);
      return attacking;
    },
    closeSockets: () => { for (const end of ends.splice(0)) end(); },
    close: async () => {
      stand.closeSockets();
      await app.close();
    },
  };
  return stand;
}
