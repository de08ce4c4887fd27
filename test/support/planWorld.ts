/** Four organisations with their people on a real database, and the routes of plans, versions and audit to call as any of them. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pino from 'pino';
import type { z } from 'zod';
import { sectionById } from '../../shared/content/standard.ts';
import { londonDate } from '../../shared/domain/dates.ts';
import { makeNhsNumber } from '../../shared/domain/nhsNumber.ts';
import type { Actor, Role } from '../../shared/domain/roles.ts';
import type { OrganisationId, PersonId, PlanId } from '../../shared/ids.ts';
import type { Refusal, Result } from '../../shared/refusal.ts';
import type { PlanView, Review, VersionItem } from '../../shared/wire/plans.ts';
import { openAccess } from '../../server/audit/access.ts';
import { auditRoutes } from '../../server/audit/routes.ts';
import { breakGlassRoutes } from '../../server/breakGlass/routes.ts';
import { attachSync } from '../../server/collab/gateway.ts';
import { inProcessBus } from '../../server/bus/inProcess.ts';
import { systemClock } from '../../server/config/system.ts';
import type { SignedInRoute, Route } from '../../server/http/route.ts';
import { historyRoutes } from '../../server/history/routes.ts';
import { offlineRoutes } from '../../server/offline/routes.ts';
import { peopleRoutes } from '../../server/plans/peopleRoutes.ts';
import { planRoutes } from '../../server/plans/routes.ts';
import type { Deps, PlanNotice, Settings } from '../../server/ports.ts';
import { urgentRoutes, versionRoutes } from '../../server/versions/routes.ts';
import { answers, contradict } from './answers.ts';
import { completePlan } from './completePlan.ts';
import { makeDatabase, type TestDatabase } from './database.ts';

type AnyRoute = SignedInRoute<unknown, unknown, unknown>;
export interface Input {
  readonly query?: Record<string, string>;
  readonly body?: unknown;
  /** Of the session in which it is asked; left out, no session is asked for. */
  readonly cookieHeader?: string;
}

const cast = {
  coordinator: ['coordinator', 'hub'], secondCoordinator: ['coordinator', 'hub'], gp: ['gp', 'surgery'], nurse: ['community-nurse', 'hub'],
  socialWorker: ['social-worker', 'hub'], careHomeNurse: ['care-home-nurse', 'hub'], privacyOfficer: ['privacy-officer', 'hub'],
  paramedic: ['urgent-care', 'ambulance'], outsider: ['coordinator', 'elsewhere'],
} as const satisfies Record<string, readonly [Role, string]>;
export type Name = keyof typeof cast;

export interface PlanWorld {
  readonly base: TestDatabase;
  readonly deps: Deps;
  /** What every node was told, besides text. */
  readonly announced: readonly { readonly planId: PlanId; readonly what: PlanNotice }[];
  readonly people: Readonly<Record<Name, Actor>>;
  /** Calls a route as the server would: query and body through its schemas, the answer checked against its own. */
  call<T = unknown>(who: Name, method: string, address: string, input?: Input): Promise<Result<T>>;
  /** As `call`, for what has to succeed. */
  get<T>(who: Name, address: string, query?: Record<string, string>): Promise<T>;
  /** A new plan of the hub with identity only. */
  newPlan(who?: Name): Promise<PlanView>;
  /** A plan in which everything that sign-off asks for is answered. */
  completePlan(): Promise<PlanId>;
  write(planId: PlanId, who: Name, sectionId: string, values: Readonly<Record<string, unknown>>): Promise<number>;
  /** Two people who have not seen each other write these values of an exclusive field. */
  dispute(planId: PlanId, sectionId: string, fieldId: string, values: readonly [unknown, unknown]): Promise<void>;
  sign(planId: PlanId, who?: Name): Promise<VersionItem>;
  close(): Promise<void>;
}

export const refusalOf = (result: Result<unknown>): Refusal | undefined => (result.ok ? undefined : result.refusal);

export async function makePlanWorld(settings: Partial<Settings> = {}): Promise<PlanWorld> {
  const base = await makeDatabase();
  const dataDir = await mkdtemp(path.join(tmpdir(), 'accord-world-'));
  const outside = {
    settings: { host: '', port: 0, publicUrl: 'http://127.0.0.1', databaseUrl: undefined, redisUrl: undefined, dataDir, demo: true, logLevel: 'silent', nodeId: 'test', checkpointsDir: path.join(dataDir, 'checkpoints'), witnesses: [], witnessFor: [], namesForPatients: false, ...settings },
    db: base.db, bus: inProcessBus(systemClock), clock: systemClock, random: (bytes: number) => randomBytes(bytes), log: pino({ level: 'silent' }),
  };
  const sync = attachSync({ server: createServer(), deps: outside, actorOf: async () => undefined });
  const announced: { planId: PlanId; what: PlanNotice }[] = [];
  const announce = (planId: PlanId, what: PlanNotice): void => {
    announced.push({ planId, what });
    sync.text.announce(planId, what);
  };
  const access = openAccess(outside);
  const deps: Deps = { ...outside, text: { ...sync.text, announce }, recordAccess: access.record };
  const people = await settle(base);
  const routes = [...planRoutes(deps), ...peopleRoutes(deps), ...versionRoutes(deps), ...urgentRoutes(deps), ...auditRoutes(deps), ...historyRoutes(deps), ...breakGlassRoutes(deps), ...offlineRoutes(deps)];
  let numbers = 999_000_000;
  const nextNumber = (): string => makeNhsNumber(String((numbers += 1))) ?? nextNumber();

  const world: PlanWorld = {
    base, deps, people, announced,
    call: async <T>(who: Name, method: string, address: string, input: Input = {}) => (await callRoute(routes, people[who], method, address, input)) as Result<T>,
    get: async <T>(who: Name, address: string, query?: Record<string, string>) => must(await world.call<T>(who, 'get', address, query ? { query } : {})),
    newPlan: async (who = 'coordinator') =>
      must(await world.call<PlanView>(who, 'post', '/api/plans', { body: { patient: { nhsNumber: nextNumber(), familyName: 'Testwell', givenName: 'Ada', birthDate: '1941-06-05' } } })),
    completePlan: async () => {
      const plan = await world.newPlan();
      const planId = plan.id as PlanId;
      const { sections } = completePlan(londonDate(new Date()));
      for (const [sectionId, values] of Object.entries(sections)) await world.write(planId, 'coordinator', sectionId, withoutFixed(sectionId, values));
      return planId;
    },
    write: async (planId, who, sectionId, values) =>
      must(await deps.text.write({ planId, sectionId, actor: people[who], as: 'service', change: answers(values) })).position,
    dispute: async (planId, sectionId, fieldId, values) => {
      must(await deps.text.write({ planId, sectionId, actor: people.coordinator, as: 'service', change: contradict(fieldId, values) }));
    },
    sign: async (planId, who = 'coordinator') => {
      const { position, contentHash, statement } = must(await world.call<Review>(who, 'post', `/api/plans/${planId}/reviews`));
      return must(await world.call<VersionItem>(who, 'post', `/api/plans/${planId}/versions`, { body: { position, contentHash, statement } }));
    },
    close: async () => {
      await access.close();
      await sync.close();
      await deps.bus.close();
      await base.drop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
  return world;
}

/** What the answer holds; a refusal fails the test with its own words. */
export function must<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.refusal)}`);
  return result.value;
}

const withoutFixed = (sectionId: string, values: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(values).filter(([id]) => !sectionById(sectionId)?.fields.find((field) => field.id === id)?.fixed));

async function settle(base: TestDatabase): Promise<Record<Name, Actor>> {
  for (const id of new Set(Object.values(cast).map(([, organisation]) => organisation))) {
    await base.db.query('INSERT INTO organisations (id, name, kind) VALUES ($1, $2, $3)', [`org_${id}`, `The ${id}`, 'test']);
  }
  const made = Object.entries(cast).map(([name, [role, organisation]]): [string, Actor] => [name, {
    id: `person_${name.toLowerCase()}` as PersonId, name: `Someone ${name}`, role, jobTitle: role, organisationId: `org_${organisation}` as OrganisationId,
    organisation: `The ${organisation}`, seniorClinician: role === 'gp', simulated: false,
  }]);
  for (const [, actor] of made) {
    await base.db.query('INSERT INTO people (id, name, role, job_title, organisation_id, senior_clinician) VALUES ($1, $2, $3, $4, $5, $6)', [actor.id, actor.name, actor.role, actor.jobTitle, actor.organisationId, actor.seniorClinician]);
  }
  return Object.fromEntries(made) as Record<Name, Actor>;
}

async function callRoute(routes: readonly Route[], actor: Actor, method: string, address: string, input: Input): Promise<Result<unknown>> {
  for (const each of routes) {
    const route = each as unknown as AnyRoute;
    const params = route.method === method ? match(route.path, address) : undefined;
    if (!params) continue;
    const parse = (schema: z.ZodType | undefined, value: unknown): unknown => schema?.parse(value);
    const answer = await route.handle({ params, query: parse(route.query, input.query ?? {}), body: parse(route.body, input.body), requestId: 'test', cookieHeader: input.cookieHeader ?? '', caller: { address: '', agent: '', elsewhere: false }, header: () => undefined, actor });
    if (answer.ok) route.answer.parse(answer.value);
    return answer;
  }
  throw new Error(`no route ${method} ${address}`);
}

function match(pattern: string, address: string): Record<string, string> | undefined {
  const [wanted, given] = [pattern.split('/'), address.split('/')];
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    if (part.startsWith(':')) params[part.slice(1)] = decodeURIComponent(given[index] ?? '');
    else if (part !== given[index]) return undefined;
  }
  return params;
}
