/** Tells plain JSON from everything else that a document can carry: bytes, big integers, objects with another prototype. */

const depthMax = 8;

/** True when the value means the same on screen, in the log and in canonical JSON. Depth is bounded. */
export function isPlainJson(value: unknown, depth = 0): boolean {
  if (depth > depthMax) return false;
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0);
  if (Array.isArray(value)) return value.every((each) => isPlainJson(each, depth + 1));
  if (typeof value !== 'object') return false;
  // A key "__proto__" becomes the prototype when an object is decoded: shown on screen, absent from JSON.
  if (Object.getPrototypeOf(value) !== Object.prototype) return false;
  return Object.entries(value).every(([key, each]) => key !== 'constructor' && key !== 'prototype' && isPlainJson(each, depth + 1));
}
