/** Settings: defaults that work alone, and one line for everything that is wrong. */
import { expect, test } from '@jest/globals';
import { verifierText } from '../../server/audit/note.ts';
import { readSettings } from '../../server/config/settings.ts';

const complaintOf = (env: Record<string, string>): string => {
  const answer = readSettings(env);
  return 'complaint' in answer ? answer.complaint : 'no complaint';
};
const settingsOf = (env: Record<string, string>) => {
  const answer = readSettings(env);
  if ('complaint' in answer) throw new Error(answer.complaint);
  return answer.settings;
};

test('[ST1] nothing set: local address, storage of our own, the only node, demo', () => {
  expect(settingsOf({})).toMatchObject({ host: '127.0.0.1', port: 3000, publicUrl: 'http://127.0.0.1:3000', databaseUrl: undefined, redisUrl: undefined, demo: true, logLevel: 'info' });
});

test('[ST1] an empty variable is one that is not set', () => {
  expect(settingsOf({ PORT: '', DATABASE_URL: '', DEMO: '', REDIS_URL: '' })).toMatchObject({ port: 3000, databaseUrl: undefined, demo: true });
});

test('[ST1] PUBLIC_URL follows HOST and PORT, and is an origin when given', () => {
  expect(settingsOf({ HOST: '::1', PORT: '8080' }).publicUrl).toBe('http://[::1]:8080');
  expect(settingsOf({ PUBLIC_URL: 'https://Plans.example.org/' }).publicUrl).toBe('https://plans.example.org');
});

test('[ST1] a database of someone else’s needs DEMO said aloud', () => {
  expect(settingsOf({ DATABASE_URL: 'postgres://a@db/accord', DEMO: 'true' })).toMatchObject({ demo: true, databaseUrl: 'postgres://a@db/accord' });
  expect(settingsOf({ DATABASE_URL: 'postgres://accord@/accord?host=/run/pg', DEMO: 'true' }).databaseUrl).toContain('host=');
});

test('[WH4] [WH6] nobody is trusted to speak for others, and no token opens the measurements, unless it is said', () => {
  expect(settingsOf({})).toMatchObject({ trustedProxies: [], metricsToken: undefined });
  expect(settingsOf({ TRUSTED_PROXIES: '10.0.0.5, 192.168.0.0/16 ,loopback,fe80::1' }).trustedProxies).toEqual(['10.0.0.5/32', '192.168.0.0/16', '127.0.0.0/8', '::1/128', 'fe80::1/128']);
  expect(settingsOf({ METRICS_TOKEN: 'sixteen-letters!' }).metricsToken).toBe('sixteen-letters!');
});

test('[ST1] [SN11] with an identity provider there is no demonstration; its roles are looked for in the data folder unless a file is named', () => {
  const oidc = { OIDC_ISSUER: 'https://id.example/realm', OIDC_CLIENT_ID: 'accord', OIDC_CLIENT_SECRET: 's', DATA_DIR: '/var/accord' };
  expect(settingsOf(oidc)).toMatchObject({ demo: false, provider: { issuer: 'https://id.example/realm', clientId: 'accord', clientSecret: 's', rolesFile: '/var/accord/roles.json', rolesFileNamed: false } });
  expect(settingsOf({ ...oidc, OIDC_ROLES: '/etc/roles.json', DATABASE_URL: 'postgres://a@db/accord' })).toMatchObject({ demo: false, provider: { rolesFile: '/etc/roles.json', rolesFileNamed: true } });
  expect(settingsOf({ ...oidc, OIDC_ISSUER: 'http://127.0.0.1:4000' }).provider?.issuer).toBe('http://127.0.0.1:4000');
  expect(settingsOf({}).provider).toBeUndefined();
});

const [vkey, logKey] = [verifierText('example.org/witness', 'cosignature', Buffer.alloc(32, 7)), verifierText('example.org/log', 'note', Buffer.alloc(32, 7))];

test('[ST1] checkpoints lie in the data folder unless told otherwise, and no house is asked to co-sign or co-signed for', () => {
  expect(settingsOf({ DATA_DIR: '/srv/accord' })).toMatchObject({ checkpointsDir: '/srv/accord/checkpoints', witnesses: [], witnessFor: [], namesForPatients: false });
  expect(settingsOf({ CHECKPOINTS_DIR: '/elsewhere' }).checkpointsDir).toBe('/elsewhere');
  expect(settingsOf({ WITNESSES: `${vkey} https://one.example.org/, ${vkey}  http://two.example.org:8080`, WITNESS_FOR: `${logKey},${logKey}` })).toMatchObject({
    witnesses: [{ key: vkey, address: 'https://one.example.org' }, { key: vkey, address: 'http://two.example.org:8080' }], witnessFor: [logKey, logKey],
  });
});

test.each([
  [{ TRUSTED_PROXIES: 'everybody' }, /^TRUSTED_PROXIES should be addresses such as/],
  [{ TRUSTED_PROXIES: '10.0.0.0/33' }, /^TRUSTED_PROXIES should be addresses such as/],
  [{ TRUSTED_PROXIES: '10.0.0.0/8/8' }, /^TRUSTED_PROXIES should be addresses such as/],
  [{ TRUSTED_PROXIES: 'constructor' }, /^TRUSTED_PROXIES should be addresses such as/],
  [{ METRICS_TOKEN: 'too short' }, /^METRICS_TOKEN should be 16 to 200/],
  [{ PORT: 'http' }, /^PORT should be a whole number from 0 to 65535\.$/],
  [{ PORT: '70000' }, /^PORT should be a whole number from 0 to 65535\.$/],
  [{ PORT: '-1' }, /^PORT should be/],
  [{ HOST: 'a b' }, /^HOST should be/],
  [{ PUBLIC_URL: 'plans.example.org' }, /^PUBLIC_URL should be the address people type/],
  [{ PUBLIC_URL: 'https://plans.example.org/accord' }, /^PUBLIC_URL should be .* without a path/],
  [{ DATABASE_URL: 'mysql://db/accord', DEMO: 'true' }, /^DATABASE_URL should be a PostgreSQL address/],
  [{ DATABASE_URL: 'postgres://db/accord' }, /^DEMO should be true, or OIDC_ISSUER set/],
  [{ REDIS_URL: 'localhost:6379' }, /^REDIS_URL should be a Redis address/],
  [{ DEMO: 'yes' }, /^DEMO should be true or false\.$/],
  [{ DEMO: 'false' }, /^DEMO should be true/],
  [{ WITNESSES: vkey }, /^WITNESSES should be a list of "key address"/],
  [{ WITNESSES: `${vkey} https://one.example.org/path` }, /^WITNESSES should be/],
  [{ WITNESSES: `${vkey.slice(0, -4)} https://one.example.org` }, /^WITNESSES should be/],
  [{ WITNESSES: `${logKey} https://one.example.org` }, /^WITNESSES should be/],
  [{ WITNESS_FOR: vkey }, /^WITNESS_FOR should be/],
  [{ WITNESS_FOR: 'one.example.org' }, /^WITNESS_FOR should be a list of verifier keys/],
  [{ NAMES_FOR_PATIENTS: 'yes' }, /^NAMES_FOR_PATIENTS should be true or false\.$/],
  [{ LOG_LEVEL: 'loud' }, /^LOG_LEVEL should be trace, debug/],
  [{ OIDC_ISSUER: 'https://id.example' }, /^OIDC_CLIENT_ID and OIDC_CLIENT_SECRET should be set too/],
  [{ OIDC_CLIENT_SECRET: 's', OIDC_CLIENT_ID: 'c' }, /^OIDC_ISSUER should be set too/],
  [{ OIDC_ISSUER: 'https://id.example', OIDC_CLIENT_ID: 'c', OIDC_CLIENT_SECRET: 's', DEMO: 'true' }, /^DEMO should not be true beside OIDC_ISSUER/],
  [{ OIDC_ISSUER: 'http://id.example', OIDC_CLIENT_ID: 'c', OIDC_CLIENT_SECRET: 's' }, /^OIDC_ISSUER should be the https address/],
  [{ OIDC_ISSUER: 'https://id.example?x=1', OIDC_CLIENT_ID: 'c', OIDC_CLIENT_SECRET: 's' }, /^OIDC_ISSUER should be the https address/],
  [{ OIDC_ROLES: './roles.json' }, /^OIDC_ISSUER should be set too/],
])('[ST2] %j is refused in one line that names it', (env, line) => {
  const complaint = complaintOf(env as unknown as Record<string, string>);
  expect(complaint).toMatch(line);
  expect(complaint).not.toContain('\n');
});
