/** Where somebody goes after signing in: only ever a page of this product. */
import { limits } from '../limits.ts';

const here = 'https://here.invalid';

/** `back` when it is a page of this product that is not about signing in, else the start page. Never another site, however it is spelled. */
export function safeBack(back: string | null | undefined): string {
  // Browsers read "//other", "/\other" and "/<tab>/other" as other sites, and drop control letters before they look.
  if (!back || back.length > limits.backLengthMax || !/^\/(?![/\\])[^\\\p{Cc}]*$/u.test(back) || !URL.canParse(back, here)) return '/';
  const { origin, pathname, search, hash } = new URL(back, here);
  return origin === here && !pathname.startsWith('//') && !/^\/(sign-in|choose-role|auth|api)(\/|$)/.test(pathname) ? pathname + search + hash : '/';
}
