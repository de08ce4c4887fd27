/** A provider that says whatever a test wants, for what an honest one would never say. Signs by hand, so that it can also sign wrongly. */
import { createHmac, createSign, generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { clientOfTests } from './oidcProvider.ts';

export type Claims = Readonly<Record<string, unknown>>;
const pair = () => generateKeyPairSync('rsa', { modulusLength: 2048 });
const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const rsa = (input: string, key: ReturnType<typeof pair>['privateKey']): string => createSign('RSA-SHA256').update(input).sign(key).toString('base64url');

export interface Forger {
  readonly issuer: string;
  /** What the token endpoint gives next, from the nonce that the test read out of the redirect. */
  idToken: string;
  userInfo: Claims;
  /** Addresses that were asked for, in order. */
  readonly asked: string[];
  /** What a sound ID token says. */
  claims(more?: Claims): Claims;
  sign(claims: Claims, header?: Claims): string;
  /** Signed by a key that the provider does not publish, under the name of one that it does. */
  signByAnother(claims: Claims): string;
  /** No signature at all. */
  unsigned(claims: Claims): string;
  /** Signed with the published key as if it were a shared secret. */
  confused(claims: Claims): string;
  logoutClaims(more?: Claims): Claims;
  close(): Promise<void>;
}

export async function startForger(): Promise<Forger> {
  const [own, other] = [pair(), pair()];
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const url = request.url ?? '';
    asked.push(url);
    const answers: Record<string, unknown> = {
      '/.well-known/openid-configuration': {
        issuer: forger.issuer, authorization_endpoint: `${forger.issuer}/authorize`, token_endpoint: `${forger.issuer}/token`, userinfo_endpoint: `${forger.issuer}/userinfo`, jwks_uri: `${forger.issuer}/jwks`,
        response_types_supported: ['code'], subject_types_supported: ['public'], id_token_signing_alg_values_supported: ['RS256'], end_session_endpoint: `${forger.issuer}/end`,
      },
      '/jwks': { keys: [{ ...own.publicKey.export({ format: 'jwk' }), kid: 'one', use: 'sig', alg: 'RS256' }] },
      '/token': { access_token: 'access', token_type: 'Bearer', expires_in: 60, id_token: forger.idToken },
      '/userinfo': forger.userInfo,
    };
    response.setHeader('content-type', 'application/json');
    response.statusCode = url in answers ? 200 : 404;
    response.end(JSON.stringify(answers[url] ?? {}));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', () => resolve()));
  const now = (): number => Math.floor(Date.now() / 1000);
  const head = { alg: 'RS256', typ: 'JWT', kid: 'one' };
  const forger: Forger = {
    issuer: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    idToken: '', userInfo: { sub: 'forged' }, asked,
    claims: (more = {}) => ({ iss: forger.issuer, aud: clientOfTests.clientId, sub: 'forged', name: 'Forged Person', iat: now(), exp: now() + 300, auth_time: now(), groups: ['accord-coordinators'], ...more }),
    sign: (claims, header = {}) => {
      const input = `${encode({ ...head, ...header })}.${encode(claims)}`;
      return `${input}.${rsa(input, own.privateKey)}`;
    },
    signByAnother: (claims) => {
      const input = `${encode(head)}.${encode(claims)}`;
      return `${input}.${rsa(input, other.privateKey)}`;
    },
    unsigned: (claims) => `${encode({ alg: 'none', typ: 'JWT' })}.${encode(claims)}.`,
    confused: (claims) => {
      const input = `${encode({ ...head, alg: 'HS256' })}.${encode(claims)}`;
      return `${input}.${createHmac('sha256', own.publicKey.export({ format: 'pem', type: 'spki' })).update(input).digest('base64url')}`;
    },
    logoutClaims: (more = {}) => ({
      iss: forger.issuer, aud: clientOfTests.clientId, sub: 'forged', iat: now(), exp: now() + 120, jti: `token-${asked.length}-${Math.trunc(performance.now() * 1000)}`,
      events: { 'http://schemas.openid.net/event/backchannel-logout': {} }, ...more,
    }),
    close: () => new Promise((resolve) => void server.close(() => resolve())),
  };
  return forger;
}
