/** The provider says that somebody signed out there: their sessions end here too (OpenID Connect Back-Channel Logout 1.0). */
import type { Logger } from 'pino';
import { ok, refuse, type Result } from '../../shared/refusal.ts';
import type { Bus, Database } from '../ports.ts';
import { countFailure, mayAttempt } from './attempts.ts';
import { ProviderFailure, type Provider } from './provider.ts';
import { hashOf, sayEnded } from './sessions.ts';
import { done, type RecordSignIn } from './signInRecord.ts';
import { forgetEnded, obeyOnce } from './signInStore.ts';
import { endProviderSessions } from './store.ts';

export interface BackChannelNeeds {
  readonly db: Database;
  readonly bus: Bus;
  readonly log: Logger;
  readonly provider: Provider;
  readonly record: RecordSignIn;
}

/** Ends what the token names. Refuses `bad-request` for a token that does not hold, or that was obeyed before. */
export async function providerSignedOut({ db, bus, log, provider, record }: BackChannelNeeds, token: string, address: string): Promise<Result<Record<string, never>>> {
  const may = await mayAttempt(db, { address });
  if (!may.ok) return may;
  try {
    const named = await provider.readLogoutToken(token);
    // Obeyed and used up together: a token that could not be obeyed may come again.
    const ended = await db.transaction(async (tx) => {
      if (!(await obeyOnce(tx, hashOf(`${provider.issuer} ${named.id}`)))) return undefined;
      // Whoever had yet to choose their role is signed out as well.
      await forgetEnded(tx, named);
      return endProviderSessions(tx, provider.issuer, named);
    });
    if (!ended) return refuse('bad-request', 'This logout token was used before.');
    sayEnded(bus, ended);
    for (const session of ended) await record(done('provider-sign-out', { ...session, id: session.personId }));
    return ok({});
  } catch (error) {
    if (!(error instanceof ProviderFailure)) throw error;
    log.warn({ err: error, kind: error.kind }, 'a logout token was refused');
    if (error.kind === 'away') return refuse('unavailable', 'The keys of the provider cannot be read just now.');
    await countFailure(db, { address });
    return refuse('bad-request', 'That is no logout token of this provider for this service.');
  }
}
