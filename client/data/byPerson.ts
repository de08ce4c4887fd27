/** Whether somebody is at this screen: what it asks by itself is told apart from what a person does, so that a poll keeps no session awake. */

/** After a key, a click or a turn of the wheel, somebody counts as being here for this long, in milliseconds. */
const hereForMs = 30_000;
const signs = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchmove'] as const;

// Whoever loads the page is here.
let lastSignAt = Date.now();

/** Notices from now on that somebody is here. */
export function watchForPerson(page: Pick<Window, 'addEventListener'>): void {
  const noticed = (event: Event): void => {
    // What a script makes up is no sign of a person.
    if (event.isTrusted) lastSignAt = Date.now();
  };
  for (const sign of signs) page.addEventListener(sign, noticed, { capture: true, passive: true });
}

export const somebodyHere = (now: number = Date.now()): boolean => now - lastSignAt < hereForMs;
