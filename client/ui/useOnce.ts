/** The key of an order: the same while the same order is tried again, a new one when what is ordered changed. */
import { useRef } from 'react';
import { newOnce } from '../data/api.ts';

/** Answers the key for `order` (compared as JSON). */
export function useOnce(): (order: unknown) => string {
  const last = useRef({ order: '', once: '' });
  return (order) => {
    const text = JSON.stringify(order) ?? '';
    if (text !== last.current.order || last.current.once === '') last.current = { order: text, once: newOnce() };
    return last.current.once;
  };
}
