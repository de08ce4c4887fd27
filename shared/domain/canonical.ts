/** One spelling for every JSON value (RFC 8785), so that what is hashed or signed can be written again, byte for byte, by anyone. */

/** Thrown for a value that has no single agreed spelling. `path` says where it is. */
export class NotCanonical extends Error {
  constructor(readonly path: string, why: string) {
    super(`${path}: ${why}`);
  }
}

/**
 * Canonical JSON text of plain data. Keys are ordered by UTF-16 units, numbers are written as ECMAScript writes them.
 * Throws `NotCanonical` for what two programs could read differently: undefined, NaN and infinities, whole numbers past 2^53 − 1,
 * lone surrogates, holes in arrays, `__proto__` keys, and anything that is not plain data.
 */
export function canonical(value: unknown): string {
  return write(value, '$');
}

function write(value: unknown, path: string): string {
  switch (typeof value) {
    case 'string':
      return text(value, path);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'number':
      return number(value, path);
    case 'object':
      if (value === null) return 'null';
      return Array.isArray(value) ? list(value, path) : members(value, path);
    default:
      throw new NotCanonical(path, `${typeof value} is no JSON value`);
  }
}

function number(value: number, path: string): string {
  if (!Number.isFinite(value)) throw new NotCanonical(path, 'not a finite number');
  if (Math.abs(value) > Number.MAX_SAFE_INTEGER) throw new NotCanonical(path, 'too large to be read exactly everywhere');
  return JSON.stringify(value);
}

function text(value: string, path: string): string {
  if (/\p{Surrogate}/u.test(value)) throw new NotCanonical(path, 'text with half of a surrogate pair');
  return JSON.stringify(value);
}

function list(values: readonly unknown[], path: string): string {
  // Array.from visits holes, which map would pass over.
  return `[${Array.from(values, (value, index) => write(value, `${path}[${index}]`)).join(',')}]`;
}

function members(value: object, path: string): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) throw new NotCanonical(path, 'not plain data');
  if (Object.getOwnPropertySymbols(value).length > 0) throw new NotCanonical(path, 'a key that is no text');
  const keys = Object.keys(value).sort();
  const written = keys.map((key) => {
    const here = `${path}.${key}`;
    if (key === '__proto__') throw new NotCanonical(here, 'a key that some programs do not keep');
    return `${text(key, here)}:${write((value as Record<string, unknown>)[key], here)}`;
  });
  return `{${written.join(',')}}`;
}
