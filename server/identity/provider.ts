/**
 * The identity provider, by OpenID Connect Core 1.0: authorisation code flow with PKCE (RFC 7636), state and nonce. Everything that it says is
 * checked by openid-client against the keys that it publishes. Only the issuer of the settings and the addresses that it names itself are
 * ever asked; no address of a request or a token is.
 */
import { createRemoteJWKSet, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import * as oidc from 'openid-client';
import { limits } from '../../shared/limits.ts';
import type { ProviderSettings } from '../ports.ts';

/** Signatures that only the holder of a private key can make: never `none`, never a shared secret. */
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'];

/** Why the provider's answer is not taken: it cannot be reached, it said no, or what it said does not hold. */
export class ProviderFailure extends Error {
  constructor(readonly kind: 'away' | 'refused' | 'unsound', reason: string, options?: ErrorOptions) {
    super(reason, options);
  }
}

export interface Return {
  /** Claims of the ID token and of the user-info endpoint together. */
  readonly claims: Readonly<Record<string, unknown>>;
  readonly subject: string;
  /** Seconds since 1970; 0 when the provider does not say when the person proved who they are. */
  readonly authenticatedAt: number;
  readonly providerSession: string | undefined;
  readonly idToken: string | undefined;
}
export interface Question {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  /** The person has to prove anew who they are, whatever session they have at the provider. */
  readonly afresh: boolean;
}

/** Whose sessions end: those of one session there, or all of one person. `id`: the order's own name, good once. */
export interface LogoutOrder {
  readonly id: string;
  readonly sid: string | undefined;
  readonly sub: string | undefined;
}

export interface Provider {
  readonly issuer: string;
  /** Where the browser goes to sign in. Throws ProviderFailure. */
  begin(question: Question): Promise<string>;
  /** Exchanges what the browser came back with. Throws ProviderFailure. */
  finish(query: URLSearchParams, asked: Question): Promise<Return>;
  /** Where the person signs out at the provider as well; undefined when it offers no such thing or cannot be reached. */
  signOutAddress(idToken: string | null): Promise<string | undefined>;
  /** What a logout token says, if it is one and sound (Back-Channel Logout 1.0, section 2.6). Throws ProviderFailure. */
  readLogoutToken(token: string): Promise<LogoutOrder>;
}

export interface ProviderOptions {
  readonly settings: ProviderSettings;
  readonly publicUrl: string;
  readonly scopes: readonly string[];
  readonly acrValues: string | undefined;
}

export function openProvider({ settings, publicUrl, scopes, acrValues }: ProviderOptions): Provider {
  const redirectUri = `${publicUrl}/auth/callback`;
  let known: Promise<oidc.Configuration> | undefined;
  let keys: JWTVerifyGetKey | undefined;

  /** What the provider says of itself, asked once; after a failure asked again. */
  const configuration = (): Promise<oidc.Configuration> => {
    known ??= oidc.discovery(new URL(settings.issuer), settings.clientId, { client_secret: settings.clientSecret, [oidc.clockTolerance]: limits.clockSkewMs / 1000 }, undefined, {
      timeout: limits.providerAnswerMs / 1000,
      // Without https only on this machine itself, which the settings have made sure of.
      execute: [oidc.enableNonRepudiationChecks, ...(settings.issuer.startsWith('http:') ? [oidc.allowInsecureRequests] : [])],
    }).catch((error: unknown) => {
      known = undefined;
      throw new ProviderFailure('away', 'the provider does not say how to sign in', { cause: error });
    });
    return known;
  };

  return {
    issuer: settings.issuer,
    begin: async ({ state, nonce, verifier, afresh }) => {
      const url = oidc.buildAuthorizationUrl(await configuration(), {
        redirect_uri: redirectUri, scope: scopes.join(' '), state, nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
        ...(acrValues === undefined ? {} : { acr_values: acrValues }),
        ...(afresh ? { prompt: 'login', max_age: '0' } : {}),
      });
      return url.href;
    },
    finish: async (query, { state, nonce, verifier, afresh }) => {
      const config = await configuration();
      try {
        const tokens = await oidc.authorizationCodeGrant(config, new URL(`${redirectUri}?${query}`), {
          expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true,
          ...(afresh ? { maxAge: limits.sessionFreshMs / 1000 } : {}),
        });
        const token = tokens.claims();
        if (!token) throw new ProviderFailure('unsound', 'there was no ID token');
        const more = config.serverMetadata().userinfo_endpoint === undefined ? {} : await oidc.fetchUserInfo(config, tokens.access_token, token.sub);
        return {
          claims: { ...more, ...token }, subject: token.sub, authenticatedAt: token.auth_time ?? 0,
          providerSession: typeof token['sid'] === 'string' ? token['sid'] : undefined,
          idToken: tokens.id_token !== undefined && tokens.id_token.length <= limits.idTokenLengthMax ? tokens.id_token : undefined,
        };
      } catch (error) {
        throw failureOf(error);
      }
    },
    signOutAddress: async (idToken) => {
      const config = await configuration().catch((error: unknown) => {
        if (error instanceof ProviderFailure) return undefined;
        throw error;
      });
      if (config?.serverMetadata().end_session_endpoint === undefined) return undefined;
      return oidc.buildEndSessionUrl(config, { post_logout_redirect_uri: `${publicUrl}/sign-in`, ...(idToken === null ? {} : { id_token_hint: idToken }) }).href;
    },
    readLogoutToken: async (token) => {
      const { jwks_uri: address } = (await configuration()).serverMetadata();
      if (address === undefined) throw new ProviderFailure('unsound', 'the provider publishes no keys');
      keys ??= createRemoteJWKSet(new URL(address), { timeoutDuration: limits.providerAnswerMs });
      try {
        const { payload, protectedHeader } = await jwtVerify(token, keys, {
          issuer: settings.issuer, audience: settings.clientId, algorithms, clockTolerance: limits.clockSkewMs / 1000,
          maxTokenAge: limits.logoutTokenMs / 1000, requiredClaims: ['iat', 'jti', 'events'],
        });
        return logoutOf(payload, protectedHeader.typ);
      } catch (error) {
        throw failureOf(error);
      }
    },
  };
}

const logoutEvent = 'http://schemas.openid.net/event/backchannel-logout';

function logoutOf(payload: JWTPayload, type: string | undefined): LogoutOrder {
  const events = payload['events'];
  const event: unknown = typeof events === 'object' && events !== null && Object.hasOwn(events, logoutEvent) ? (events as Record<string, unknown>)[logoutEvent] : undefined;
  const sid = typeof payload['sid'] === 'string' ? payload['sid'] : undefined;
  const typed = type === undefined || /^(application\/)?(logout\+jwt|jwt)$/i.test(type);
  // An ID token has a nonce and no event: it must never pass for the order to sign somebody out.
  if (!typed || typeof event !== 'object' || event === null || 'nonce' in payload || (sid === undefined && payload.sub === undefined)) {
    throw new ProviderFailure('unsound', 'that is no logout token');
  }
  return { id: String(payload.jti), sid, sub: payload.sub };
}

function failureOf(error: unknown): ProviderFailure {
  if (error instanceof ProviderFailure) return error;
  if (error instanceof oidc.AuthorizationResponseError) return new ProviderFailure('refused', `the provider said ${error.error}`, { cause: error });
  const away = error instanceof TypeError || (error instanceof Error && ['TimeoutError', 'AbortError'].includes(error.name)) || codeOf(error) === 'OAUTH_TIMEOUT';
  return new ProviderFailure(away ? 'away' : 'unsound', error instanceof Error ? error.message : 'unknown', { cause: error });
}

const codeOf = (error: unknown): unknown => (typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined);
