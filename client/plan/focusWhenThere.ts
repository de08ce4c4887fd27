/** For an input that appears because somebody asked for it: takes focus once, when it is there. Give it as the input's ref. */
export const focusWhenThere = (input: HTMLInputElement | null): void => input?.focus({ preventScroll: true });
