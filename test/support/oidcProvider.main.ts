/** A real OpenID Connect server for tests, in a process of its own: oidc-provider with invented people, a page to choose one, and no consent page. */
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import Provider from 'oidc-provider';
import { providerPeople, type ProviderOrder } from './oidcPeople.ts';

const order = JSON.parse(process.env['OIDC_PROVIDER_ORDER'] ?? '{}') as ProviderOrder;
const issuer = `http://127.0.0.1:${order.port}`;
const scopes = 'openid profile nhsperson nationalrbacaccess selectedrole groups';
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

const provider = new Provider(issuer, {
  clients: [{
    client_id: order.clientId, client_secret: order.clientSecret, redirect_uris: [`${order.publicUrl}/auth/callback`], post_logout_redirect_uris: [`${order.publicUrl}/sign-in`],
    response_types: ['code'], grant_types: ['authorization_code'], require_auth_time: true,
    backchannel_logout_uri: `${order.publicUrl}/auth/backchannel-logout`, backchannel_logout_session_required: true,
  }],
  jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid: 'test', use: 'sig', alg: 'RS256' }] },
  cookies: { keys: [randomUUID()] },
  // The library asks nobody on this machine itself, which is where the service of a test is.
  fetch: (url: URL, options: RequestInit & { dispatcher?: unknown }) => {
    const { dispatcher: _guard, ...rest } = options;
    return fetch(url, rest);
  },
  pkce: { required: () => true },
  claims: {
    openid: ['sub'], profile: ['name', 'given_name', 'family_name'], nhsperson: ['nhsid_useruid'], nationalrbacaccess: ['nhsid_nrbac_roles'], selectedrole: ['selected_roleid'], groups: ['groups'],
  },
  features: {
    devInteractions: { enabled: false },
    backchannelLogout: { enabled: true },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: (ctx: { body: unknown }, form: string) => {
        ctx.body = `<!doctype html><title>Sign out</title><body>${form}<button form="op.logoutForm" name="logout" value="yes">Sign out at the provider</button>`;
      },
    },
  },
  interactions: { url: (_ctx: unknown, interaction: { uid: string }) => `/interaction/${interaction.uid}` },
  findAccount: (_ctx: unknown, sub: string) => ({ accountId: sub, claims: async () => ({ sub, ...providerPeople.find((person) => person.sub === sub)?.claims }) }),
  // Nobody is asked whether the organisation's own service may know who they are.
  loadExistingGrant: async (ctx: { oidc: { client: { clientId: string }; session: { accountId: string }; provider: Provider } }) => {
    const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
    grant.addOIDCScope(scopes);
    await grant.save();
    return grant;
  },
});

async function interact(request: IncomingMessage, response: ServerResponse): Promise<void> {
  await provider.interactionDetails(request, response);
  if (request.method === 'GET') {
    const buttons = providerPeople.map(({ sub, claims }) => `<button name="login" value="${sub}">${String(claims['name'])}</button>`).join('\n');
    response.setHeader('content-type', 'text/html; charset=utf-8');
    return void response.end(`<!doctype html><html lang="en"><title>Test provider</title><h1>Test provider</h1><form method="post">${buttons}<button name="cancel" value="1">Cancel</button></form></html>`);
  }
  let body = '';
  for await (const chunk of request) body += String(chunk);
  const login = new URLSearchParams(body).get('login');
  await provider.interactionFinished(request, response, login ? { login: { accountId: login } } : { error: 'access_denied' }, { mergeWithLastSubmission: false });
}

const answer = provider.callback();
createServer((request, response) => {
  if (!request.url?.startsWith('/interaction/')) return answer(request, response);
  interact(request, response).catch((error: unknown) => {
    response.statusCode = 400;
    response.end(String(error));
  });
}).listen(order.port, '127.0.0.1', () => process.stdout.write('ready\n'));
