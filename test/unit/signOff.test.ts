/** When a plan may be signed, and what a signature covers. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { disputedFields, obstacle, spellContent, spellStatement, type SignedStatement } from '../../shared/domain/signOff.ts';
import type { PlanContent } from '../../shared/content/planContent.ts';
import type { PlanId } from '../../shared/ids.ts';

const planId = 'plan_signing' as PlanId;
const content = (sections: PlanContent['sections'], position = 4): PlanContent => ({ planId, position, sections });

describe('what stands between reading and signing', () => {
  test.each([
    ['nothing when the text is as it was read', 7, { position: 7, contentPosition: 7, signedPosition: undefined }, undefined],
    ['nothing when only a sign-off mark lies between', 8, { position: 8, contentPosition: 7, signedPosition: 7 }, undefined],
    ['text written since', 7, { position: 9, contentPosition: 9, signedPosition: undefined }, 'text-changed'],
    ['another version of the same reading', 7, { position: 8, contentPosition: 7, signedPosition: 7 }, 'already-signed'],
    ['a version of a later reading', 7, { position: 12, contentPosition: 10, signedPosition: 11 }, 'already-signed'],
    ['a position that the log has not reached', 12, { position: 8, contentPosition: 7, signedPosition: undefined }, 'not-reached'],
  ] as const)('[SG4] %s', (_name, position, head, kind) => {
    expect(obstacle(position, head)?.kind).toBe(kind);
  });

  test('[SG4] HAZ-06 whenever text was written after the position that was read, nothing can be signed there', () => {
    fc.assert(fc.property(fc.nat(50), fc.integer({ min: 1, max: 50 }), fc.option(fc.nat(50), { nil: undefined }), (position, later, signedPosition) => {
      const contentPosition = position + later;
      expect(obstacle(position, { position: contentPosition + 1, contentPosition, signedPosition })).toBeDefined();
    }));
  });
});

describe('what a signature covers', () => {
  test('[SG2] the content’s spelling holds plan, position and every section, and nothing else', () => {
    const withMore = { ...content({ wishes: { whatMatters: 'sea' }, identity: {} }), note: 'not signed' };
    expect(spellContent(withMore)).toBe('{"planId":"plan_signing","position":4,"sections":{"identity":{},"wishes":{"whatMatters":"sea"}}}');
  });

  test('[SG2] another position, section or value has another spelling', () => {
    const base = spellContent(content({ wishes: { whatMatters: 'sea' } }));
    const others = [content({ wishes: { whatMatters: 'sea' } }, 5), content({ wishes: { whatMatters: 'sea ' } }), content({ wishes: {} }), content({ home: { whatMatters: 'sea' } })];
    for (const other of others) expect(spellContent(other)).not.toBe(base);
  });

  test('[SG7] the signed statement names plan, number, hashes, position, signer, words, time and key', () => {
    const statement: SignedStatement = {
      v: 1, type: 'plan-version', plan: planId, number: 2, previousHash: 'aa', contentHash: 'bb', position: 9,
      signer: { id: 'person_a', name: 'A. Example', role: 'coordinator', organisation: 'Hub' }, meaning: 'I have read it.', signedAt: '2026-11-05T14:03:07.120Z', keyId: 'k',
    };
    expect(spellStatement(statement)).toBe(
      '{"contentHash":"bb","keyId":"k","meaning":"I have read it.","number":2,"plan":"plan_signing","position":9,"previousHash":"aa","signedAt":"2026-11-05T14:03:07.120Z",' +
      '"signer":{"id":"person_a","name":"A. Example","organisation":"Hub","role":"coordinator"},"type":"plan-version","v":1}');
  });
});

describe('disputes', () => {
  test('[SG6] HAZ-01 disputed values and disputed rows are named, settled ones are not', () => {
    const by = { id: 'person_a', name: 'A', role: 'gp' };
    const disputed = { disputed: [{ value: 'yes', by, at: '' }, { value: 'no', by, at: '' }] };
    const found = disputedFields(content({
      resuscitation: { cprDecision: disputed, cprDate: '2026-01-01' },
      clinical: { allergies: [{ id: 'row_1', substance: 'Penicillin' }, { id: 'row_2', ...disputed }] },
    }));
    expect(found.map(({ section, field }) => `${section}.${field}`)).toEqual(['resuscitation.cprDecision', 'clinical.allergies']);
    expect(found[0]?.label).toBe('CPR recommendation');
  });
});
