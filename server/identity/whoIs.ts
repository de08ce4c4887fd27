/** Who is signed in, for everything that stays connected: asked afresh each time, and for everybody who asks at the same moment in one journey. */
import type { Actor } from '../../shared/domain/roles.ts';
import { AskedTogether } from '../db/askedTogether.ts';
import type { Queryable } from '../ports.ts';
import { sessionNameOf } from './sessions.ts';
import { findAwake } from './store.ts';

/** Answers who is signed in and awake with a Cookie header; undefined when nobody is. What it answers throws `DatabaseUnavailable`. */
export function askWho(db: Queryable): (cookieHeader: string | undefined) => Promise<Actor | undefined> {
  const sessions = new AskedTogether<string, Actor>((names) => findAwake(db, names));
  return async (cookieHeader) => {
    const name = sessionNameOf(cookieHeader);
    return name === undefined ? undefined : sessions.of(name);
  };
}
