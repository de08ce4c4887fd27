/** What the service is told by its environment, checked once at the start. A wrong or half-given setting is one line that names it. */
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { readVerifier } from '../audit/note.ts';
import type { Settings, WitnessSetting } from '../ports.ts';
import { proxyRanges } from './proxies.ts';

export type SettingsAnswer = { readonly settings: Settings } | { readonly complaint: string };

const blankIsUnset = (value: unknown) => (value === '' ? undefined : value);
const text = <T extends z.ZodType>(schema: T) => z.preprocess(blankIsUnset, schema);
const urlWith = (protocols: readonly string[], should: string) =>
  text(z.string().refine((value) => hasProtocol(value, protocols), { error: `should be ${should}` }).optional());

const environment = z.object({
  HOST: text(z.string().regex(/^[A-Za-z0-9.:_-]+$/, { error: 'should be a host name or an IP address' }).default('127.0.0.1')),
  PORT: text(z.string().regex(/^\d{1,5}$/, { error: 'should be a whole number from 0 to 65535' }).default('3000').transform(Number)
    .refine((port) => port <= 65_535, { error: 'should be a whole number from 0 to 65535' })),
  PUBLIC_URL: text(z.string().refine(isOrigin, { error: 'should be the address people type, such as https://plans.example.org, without a path' }).optional()),
  DATABASE_URL: urlWith(['postgres:', 'postgresql:'], 'a PostgreSQL address, such as postgres://user:password@host:5432/accord'),
  REDIS_URL: urlWith(['redis:', 'rediss:'], 'a Redis address, such as redis://host:6379'),
  DATA_DIR: text(z.string().default('./data')),
  OIDC_ISSUER: text(z.string().refine(isIssuer, { error: 'should be the https address of the sign-in service, as it names itself' }).optional()),
  OIDC_CLIENT_ID: text(z.string().optional()),
  OIDC_CLIENT_SECRET: text(z.string().optional()),
  OIDC_ROLES: text(z.string().optional()),
  DEMO: text(z.enum(['true', 'false'], { error: 'should be true or false' }).optional()),
  CHECKPOINTS_DIR: text(z.string().optional()),
  NAMES_FOR_PATIENTS: text(z.enum(['true', 'false'], { error: 'should be true or false' }).default('false')),
  WITNESSES: text(z.string().max(10_000).optional()),
  WITNESS_FOR: text(z.string().max(10_000).optional()),
  TRUSTED_PROXIES: text(z.string().default('').refine((value) => proxyRanges(value) !== undefined, { error: 'should be addresses such as 10.0.0.5 or 10.0.0.0/8 with commas between them, or the names loopback, linklocal, uniquelocal' })),
  METRICS_TOKEN: text(z.string().regex(/^[\x21-\x7e]{16,200}$/, { error: 'should be 16 to 200 letters, digits and signs without blanks' }).optional()),
  LOG_LEVEL: text(z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], { error: 'should be trace, debug, info, warn, error, fatal or silent' }).default('info')),
});
type Environment = z.infer<typeof environment>;

/** The settings, or the one line that says what is wrong with them. */
export function readSettings(env: NodeJS.ProcessEnv): SettingsAnswer {
  const parsed = environment.safeParse(env);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return { complaint: `${String(issue?.path[0] ?? 'A setting')} ${issue?.message ?? 'is wrong'}.` };
  }
  const complaint = contradiction(parsed.data);
  if (complaint) return { complaint };
  const witnesses = readWitnesses(parsed.data.WITNESSES);
  if (!witnesses) return { complaint: 'WITNESSES should be a list of "key address", with commas between: the verifier key of a house’s witness, a blank, and its address, such as https://partner.example.org.' };
  const witnessFor = listed(parsed.data.WITNESS_FOR);
  if (!witnessFor.every((key) => readVerifier(key)?.kind === 'note')) return { complaint: 'WITNESS_FOR should be a list of verifier keys of other houses’ logs, with commas between.' };
  return { settings: settled(parsed.data, witnesses, witnessFor) };
}

function contradiction(env: Environment): string | undefined {
  const oidc = ['OIDC_ISSUER', 'OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET'] as const;
  const missing = oidc.filter((name) => env[name] === undefined);
  if (missing.length > 0 && missing.length < oidc.length) return `${missing.join(' and ')} should be set too: ${oidc.join(', ')} are given together or not at all.`;
  if (env.OIDC_ISSUER && env.DEMO === 'true') return 'DEMO should not be true beside OIDC_ISSUER: demo people and real sign-in never share a service.';
  if (env.OIDC_ROLES && !env.OIDC_ISSUER) return 'OIDC_ISSUER should be set too: OIDC_ROLES says which of its roles are which here.';
  if (env.DEMO === 'false' && !env.OIDC_ISSUER) return 'DEMO should be true, or OIDC_ISSUER set: with neither nobody could sign in.';
  if (env.DATABASE_URL && env.DEMO === undefined && !env.OIDC_ISSUER) return 'DEMO should be true, or OIDC_ISSUER set: with DATABASE_URL alone nobody could sign in.';
  return undefined;
}

const listed = (value: string | undefined): string[] => (value ?? '').split(',').map((part) => part.trim()).filter((part) => part !== '');

function readWitnesses(value: string | undefined): WitnessSetting[] | undefined {
  const witnesses = listed(value).map((part) => {
    const [key = '', address = '', ...more] = part.split(/\s+/);
    return { key, address, whole: more.length === 0 && readVerifier(key)?.kind === 'cosignature' && isOrigin(address) };
  });
  return witnesses.every(({ whole }) => whole) ? witnesses.map(({ key, address }) => ({ key, address: new URL(address).origin })) : undefined;
}

function settled(env: Environment, witnesses: readonly WitnessSetting[], witnessFor: readonly string[]): Settings {
  const host = env.HOST.includes(':') ? `[${env.HOST}]` : env.HOST;
  return {
    host: env.HOST,
    port: env.PORT,
    publicUrl: new URL(env.PUBLIC_URL ?? `http://${host}:${env.PORT}`).origin,
    databaseUrl: env.DATABASE_URL,
    redisUrl: env.REDIS_URL,
    dataDir: path.resolve(env.DATA_DIR),
    provider: providerOf(env),
    demo: env.DEMO === 'true' || (env.DATABASE_URL === undefined && env.OIDC_ISSUER === undefined),
    logLevel: env.LOG_LEVEL,
    checkpointsDir: path.resolve(env.CHECKPOINTS_DIR ?? path.join(env.DATA_DIR, 'checkpoints')),
    witnesses,
    namesForPatients: env.NAMES_FOR_PATIENTS === 'true',
    witnessFor,
    nodeId: `${hostname()}-${process.pid}-${randomBytes(3).toString('hex')}`,
    trustedProxies: proxyRanges(env.TRUSTED_PROXIES) ?? [],
    metricsToken: env.METRICS_TOKEN,
  };
}

function providerOf({ OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, OIDC_ROLES, DATA_DIR }: Environment): Settings['provider'] {
  if (OIDC_ISSUER === undefined || OIDC_CLIENT_ID === undefined || OIDC_CLIENT_SECRET === undefined) return undefined;
  return { issuer: OIDC_ISSUER, clientId: OIDC_CLIENT_ID, clientSecret: OIDC_CLIENT_SECRET, rolesFile: path.resolve(OIDC_ROLES ?? path.join(DATA_DIR, 'roles.json')), rolesFileNamed: OIDC_ROLES !== undefined };
}

/** Without https only on this machine itself: who signs in must not be for others on the way to decide. */
function isIssuer(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, hostname, search, hash, username } = new URL(value);
  const local = protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname);
  return (protocol === 'https:' || local) && search === '' && hash === '' && username === '';
}

function hasProtocol(value: string, protocols: readonly string[]): boolean {
  // "postgres://user@/name?host=/folder" is good to the driver although it names no host.
  const protocol = /^([a-z]+:)\/\/./.exec(value)?.[1];
  return protocol !== undefined && protocols.includes(protocol);
}

function isOrigin(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const url = new URL(value);
  return ['http:', 'https:'].includes(url.protocol) && url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '';
}
