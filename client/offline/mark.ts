/** Marks in the browser: that plans are held offline here, that a sign-out is still to be told to the service, and whose screen was locked when the service last answered. */
import { Subject } from '../collab/subject.ts';

const heldMark = 'accord-offline';
const signOutMark = 'accord-sign-out';

/** Browsers may refuse storage altogether; then nothing can be held here either. */
const marked = (name: string): boolean => {
  try {
    return localStorage.getItem(name) !== null;
  } catch {
    return false;
  }
};
const mark = (name: string, on: boolean): void => (on ? localStorage.setItem(name, '1') : localStorage.removeItem(name));

/** True while this browser may hold plans: only then is the code about them loaded at all. Other tabs' marks are seen too. */
export const copiesHere = new Subject<boolean>(typeof localStorage !== 'undefined' && marked(heldMark));

export function markCopies(here: boolean): void {
  mark(heldMark, here);
  copiesHere.set(here);
}

/** Follows the mark as other tabs set it, for as long as the screen stands. */
export function followMark(): void {
  window.addEventListener('storage', (event) => {
    if (event.key === heldMark || event.key === null) copiesHere.set(marked(heldMark));
  });
}

const lockMark = 'accord-lock';
/** Without the service nobody can prove who they are: a screen that was locked stays locked, whatever is held here. */
export function rememberLock(lock: unknown): void {
  try {
    if (lock === undefined) localStorage.removeItem(lockMark);
    else localStorage.setItem(lockMark, JSON.stringify(lock));
  } catch {
    // A browser that stores nothing holds no plan either.
  }
}
export function rememberedLock(): unknown {
  try {
    const text = localStorage.getItem(lockMark);
    return text === null ? undefined : (JSON.parse(text) as unknown);
  } catch {
    return undefined;
  }
}

/** A sign-out without a network: the cookie is out of reach of scripts, so the service has to be told later. */
export const signOutOwed = (): boolean => typeof localStorage !== 'undefined' && marked(signOutMark);
export const oweSignOut = (owed: boolean): void => mark(signOutMark, owed);
