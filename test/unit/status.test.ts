/** Draft, signed, changed, closed. */
import { describe, expect, test } from '@jest/globals';
import { planStatus } from '../../shared/domain/status.ts';

describe('where a plan stands', () => {
  test.each([
    [{ closed: false, contentPosition: 5, signedPosition: undefined }, 'draft'],
    [{ closed: false, contentPosition: 0, signedPosition: undefined }, 'draft'],
    [{ closed: false, contentPosition: 5, signedPosition: 5 }, 'signed'],
    [{ closed: false, contentPosition: 5, signedPosition: 6 }, 'signed'],
    [{ closed: false, contentPosition: 7, signedPosition: 5 }, 'changed'],
    [{ closed: true, contentPosition: 7, signedPosition: 5 }, 'closed'],
    [{ closed: true, contentPosition: 0, signedPosition: undefined }, 'closed'],
  ] as const)('[PL5] %j is %s', (facts, status) => {
    expect(planStatus(facts)).toBe(status);
  });
});
