/** Signing in through the identity provider: what browsers are sent through, the choice of a role, and the provider's own sign-outs. */
import { z } from 'zod';
import { limits } from '../../shared/limits.ts';
import { ok, refuse } from '../../shared/refusal.ts';
import { chooseRole, chosenRole, roleChoice } from '../../shared/wire/session.ts';
import { open, type Call, type Route } from '../http/route.ts';
import { providerSignedOut } from './backChannel.ts';
import { presentRole } from './roleMap.ts';
import { beginSignIn, enterAs, finishSignIn, waitingChoice, type Onwards, type SignInNeeds } from './signingIn.ts';

const word = z.string().max(limits.backLengthMax).optional();
const loginQuery = z.object({
  back: word,
  /** `login`: whoever is signed in at the provider has to prove it all the same. */
  prompt: z.enum(['login']).optional(),
  /** Prove afresh, within the session that stands, who its person is. */
  fresh: z.enum(['1']).optional(),
  /** The same for a session that is locked. */
  unlock: z.enum(['1']).optional(),
}).strict();
/** What a provider adds is its own affair; the library looks at what it knows. */
const callbackQuery = z.record(z.string().max(100), z.string().max(8_000));

export function providerRoutes(needs: SignInNeeds): Route[] {
  const send = ({ to, cookies }: Onwards, { header }: Pick<Call<unknown, unknown>, 'header'>) => {
    header('Location', to.startsWith('/') ? needs.publicUrl + to : to);
    for (const cookie of cookies) header('Set-Cookie', cookie);
    return ok(undefined);
  };
  return [
    open({
      method: 'get', path: '/auth/login', summary: 'To the identity provider', query: loginQuery, answer: z.undefined(), status: 303,
      handle: async (call) => {
        const { back = '/', prompt, fresh, unlock } = call.query;
        return send(await beginSignIn(needs, call, { back, wants: unlock ? 'unlock' : fresh ? 'fresh' : 'sign-in', afresh: prompt === 'login' }), call);
      },
    }),
    open({
      method: 'get', path: '/auth/callback', summary: 'Back from the identity provider', query: callbackQuery, answer: z.undefined(), status: 303,
      handle: async (call) => send(await finishSignIn(needs, call, call.query), call),
    }),
    open({
      method: 'post', path: '/auth/backchannel-logout', summary: 'The identity provider says that somebody signed out there', fromServers: true,
      body: z.object({ logout_token: z.string().min(1).max(limits.logoutTokenLengthMax) }), answer: z.object({}),
      handle: ({ body, caller }) => providerSignedOut(needs, body.logout_token, caller.address),
    }),
    open({
      method: 'get', path: '/api/sign-in/roles', summary: 'The roles that a sign-in under way may choose from', answer: roleChoice,
      handle: async ({ cookieHeader }) => {
        const found = await waitingChoice(needs, cookieHeader);
        return found ? ok({ name: found.name, roles: found.heldRoles.map(presentRole), current: null }) : refuse('not-signed-in', 'The sign-in took too long, or was finished already. Begin again.');
      },
    }),
    open({
      method: 'post', path: '/api/sign-in/role', summary: 'Sign in in one of these roles', body: chooseRole, answer: chosenRole,
      handle: async (call) => {
        const entered = await enterAs(needs, call, call.body.key);
        if (!entered.ok) return entered;
        for (const cookie of entered.value.cookies) call.header('Set-Cookie', cookie);
        return ok({ back: entered.value.to });
      },
    }),
  ];
}
