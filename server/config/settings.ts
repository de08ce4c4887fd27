/** What the service is told by its environment, checked once at the start. A wrong or half-given setting is one line that names it. */
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import type { Settings } from '../ports.ts';
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
  OIDC_ISSUER: urlWith(['https:', 'http:'], 'the address of the sign-in service'),
  OIDC_CLIENT_ID: text(z.string().optional()),
  OIDC_CLIENT_SECRET: text(z.string().optional()),
  DEMO: text(z.enum(['true', 'false'], { error: 'should be true or false' }).optional()),
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
  return complaint ? { complaint } : { settings: settled(parsed.data) };
}

function contradiction(env: Environment): string | undefined {
  const oidc = ['OIDC_ISSUER', 'OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET'] as const;
  const missing = oidc.filter((name) => env[name] === undefined);
  if (missing.length > 0 && missing.length < oidc.length) return `${missing.join(' and ')} should be set too: ${oidc.join(', ')} are given together or not at all.`;
  if (env.OIDC_ISSUER && env.DEMO === 'true') return 'DEMO should not be true beside OIDC_ISSUER: demo people and real sign-in never share a service.';
  if (env.OIDC_ISSUER) return 'OIDC_ISSUER should be unset: this build has demo sign-in only.';
  if (env.DEMO === 'false') return 'DEMO should be true: this build has demo sign-in only, so without it nobody could sign in.';
  if (env.DATABASE_URL && env.DEMO === undefined) return 'DEMO should be true, or OIDC_ISSUER set: with DATABASE_URL alone nobody could sign in.';
  return undefined;
}

function settled(env: Environment): Settings {
  const host = env.HOST.includes(':') ? `[${env.HOST}]` : env.HOST;
  return {
    host: env.HOST,
    port: env.PORT,
    publicUrl: new URL(env.PUBLIC_URL ?? `http://${host}:${env.PORT}`).origin,
    databaseUrl: env.DATABASE_URL,
    redisUrl: env.REDIS_URL,
    dataDir: path.resolve(env.DATA_DIR),
    demo: env.DEMO === 'true' || (env.DATABASE_URL === undefined && env.OIDC_ISSUER === undefined),
    logLevel: env.LOG_LEVEL,
    nodeId: `${hostname()}-${process.pid}-${randomBytes(3).toString('hex')}`,
    trustedProxies: proxyRanges(env.TRUSTED_PROXIES) ?? [],
    metricsToken: env.METRICS_TOKEN,
  };
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
