/** One spelling for every value, or none. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonical, NotCanonical } from '../../shared/domain/canonical.ts';

describe('canonical JSON', () => {
  test('[SG1] orders keys by UTF-16 units, not by code point or locale', () => {
    // U+1F600 is stored as D83D DE00 and so comes before U+FB33 although its code point is greater.
    const keys = ['\u20ac', '\r', '\ufb33', '1', '\u{1F600}', '\u0080', '\u00f6', 'a', 'B', ''];
    const written = canonical(Object.fromEntries(keys.map((key) => [key, 0])));
    const order = [...written.matchAll(/("(?:[^"\\]|\\.)*"):0/g)].map(([, key]) => JSON.parse(key ?? '') as string);
    expect(order).toEqual(['', '\r', '1', 'B', 'a', '\u0080', '\u00f6', '\u20ac', '\u{1F600}', '\ufb33']);
  });

  test.each([
    [0, '0'], [-0, '0'], [1, '1'], [-7, '-7'], [0.5, '0.5'], [1e-7, '1e-7'], [0.000001, '0.000001'], [4.5, '4.5'], [2e-3, '0.002'], [1.0, '1'],
    [333333333.3333333, '333333333.3333333'], [9007199254740991, '9007199254740991'], [-9007199254740991, '-9007199254740991'], [5e-324, '5e-324'],
  ])('[SG1] writes the number %p as %s', (value, text) => {
    expect(canonical(value)).toBe(text);
  });

  test('[SG1] escapes only what has to be escaped, in the short form where there is one', () => {
    expect(canonical('\b\t\n\f\r"\\/\u0001\u001f\u007f\u2028é😀')).toBe('"\\b\\t\\n\\f\\r\\"\\\\/\\u0001\\u001f\u007f\u2028é😀"');
  });

  test.each<[string, unknown]>([
    ['undefined', undefined], ['undefined inside', { a: [undefined] }], ['an undefined member', { a: undefined }], ['NaN', NaN], ['infinity', Infinity], ['a number past 2^53', 2 ** 53],
    ['a very large number', 1e21], ['half a pair', '\ud800'], ['half a pair in a key', { '\udc00': 1 }], ['a function', () => 1], ['a big integer', 1n], ['a date', new Date(0)],
    ['a hole', [1, , 2]], ['a map', new Map()], ['a __proto__ key', JSON.parse('{"__proto__":1}')], ['a symbol key', { [Symbol('x')]: 1 }],
  ])('[SG1] refuses %s', (_name, value) => {
    expect(() => canonical(value)).toThrow(NotCanonical);
  });

  test('[SG1] says where the value stands that it refuses', () => {
    expect(() => canonical({ sections: { wishes: [1, NaN] } })).toThrow('$.sections.wishes[1]: not a finite number');
  });

  test('[SG1] any JSON value: reading it back gives the same value, and the order in which keys were set does not matter', () => {
    const jsonValue = fc.jsonValue({ depthSize: 'small' }).filter((value) => spellable(value));
    fc.assert(fc.property(jsonValue, (value) => {
      const text = canonical(value);
      expect(canonical(JSON.parse(text))).toBe(text);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      expect(canonical(reversed(value))).toBe(text);
    }));
  });
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).reverse().map(([key, inner]) => [key, reversed(inner)]));
}

function spellable(value: unknown): boolean {
  if (typeof value === 'number') return Math.abs(value) <= Number.MAX_SAFE_INTEGER;
  if (typeof value === 'string') return !/\p{Surrogate}/u.test(value);
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([key, inner]) => key !== '__proto__' && spellable(key) && spellable(inner));
}
