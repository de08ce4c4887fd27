/** Says something to people who use a screen reader, politely. Several calls in a short time are said together. */
type Heard = () => void;
const gatherMs = 400;
const listeners = new Set<Heard>();
let said = '';
let waiting: string[] = [];
let timer: ReturnType<typeof setTimeout> | undefined;

export function announce(sentence: string): void {
  waiting.push(sentence);
  timer ??= setTimeout(() => {
    timer = undefined;
    // A trailing space makes the same sentence, said twice, a change.
    const next = waiting.join(' ');
    said = next === said ? `${next} ` : next;
    waiting = [];
    for (const heard of listeners) heard();
  }, gatherMs);
}

export const announcements = {
  subscribe: (heard: Heard): (() => void) => {
    listeners.add(heard);
    return () => listeners.delete(heard);
  },
  current: (): string => said,
};
