/** Where to go after signing in. */

/** The sign-in page's address, remembering where the person was. */
export const signInAddress = (here: string): string => (here === '/' || here === '' ? '/sign-in' : `/sign-in?${new URLSearchParams({ back: here })}`);

/** The address in `search` to go back to; only ever a page of this product, never another site. */
export function backFrom(search: string): string {
  const back = new URLSearchParams(search).get('back') ?? '/';
  // "//other.site" and "/\other.site" are other sites to a browser.
  return /^\/(?![/\\])/.test(back) && !back.startsWith('/sign-in') ? back : '/';
}
