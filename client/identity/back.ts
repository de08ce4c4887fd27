/** Where to go after signing in. */
import { safeBack } from '../../shared/domain/backAddress.ts';

/** The sign-in page's address, remembering where the person was. */
export const signInAddress = (here: string): string => (here === '/' || here === '' ? '/sign-in' : `/sign-in?${new URLSearchParams({ back: here })}`);

/** The address in `search` to go back to; only ever a page of this product, never another site. */
export const backFrom = (search: string): string => safeBack(new URLSearchParams(search).get('back'));

/** Where a new tab ends in which somebody signed in again for a page that stays open in another. */
export const signedInAgain = '/signed-in-again';
export const unlockAddress = `/auth/login?${new URLSearchParams({ unlock: '1', prompt: 'login', back: signedInAgain })}`;
export const freshAddress = (here: string): string => `/auth/login?${new URLSearchParams({ fresh: '1', back: here })}`;
/** `problem`: the sign-in before this one came to nothing, so the provider asks anew who it is. */
export const loginAddress = (back: string, problem = false): string => `/auth/login?${new URLSearchParams({ back, ...(problem ? { prompt: 'login' } : {}) })}`;
