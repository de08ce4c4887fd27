/** Signed, draft and disputed as the screen writes them, rendered to text without a browser. */
import { describe, expect, test } from '@jest/globals';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { AllergyLine } from '../../client/plans/AllergyLine.tsx';
import { sameWords } from '../../client/versions/sameWords.ts';
import { PlanState, PlanStateTag } from '../../client/plans/PlanState.tsx';
import { SealSteps } from '../../client/versions/SealSteps.tsx';
import { ContentDocument } from '../../client/versions/ContentDocument.tsx';
import { Differences } from '../../client/versions/Differences.tsx';
import { CouldNotCheck } from '../../client/versions/UrgentPage.tsx';
import { UrgentPlan } from '../../client/versions/UrgentPlan.tsx';
import { sections } from '../../shared/content/standard.ts';
import { sampleValue } from '../support/completePlan.ts';
import type { UrgentView, VersionView } from '../../shared/wire/plans.ts';

const patient = { nhsNumber: '9990000018', familyName: 'Walker', givenName: 'Margaret', birthDate: '1941-06-05' };
const latest = { number: 3, signedAt: '2026-11-05T14:03:00Z', signedBy: 'S. Malik', position: 40 };
const text = (markup: string): string => markup.replace(/<[^>]*>/g, ' ').replace(/&#x27;/g, '’').replace(/&amp;/g, '&').replace(/\s+/g, ' ');

// Values for every field of the standard; an identifier of the range that belongs to nobody, and a sign-off field that says no state.
const sampled: Record<string, Record<string, unknown>> = Object.fromEntries(sections.map((section) => [section.id, Object.fromEntries(section.fields.map((field) => [field.id, sampleValue(field, '2026-11-01')]))]));
const whole = { ...sampled, identity: { ...sampled['identity'], nhsNumber: patient.nhsNumber }, mdt: { ...sampled['mdt'], signOff: 'signed' } };
const urgent = (values: Record<string, Record<string, unknown>>, newerDraft = false): UrgentView => ({
  patient, ageMinutes: 60 * 24 * 18, newerDraft, checkedAt: '2026-11-23T10:00:00Z',
  version: {
    ...latest, contentHash: 'a'.repeat(64), previousHash: null, statement: 'I have read it.', latest: true, signedBy: { id: 'person_sm', name: 'S. Malik', role: 'coordinator', organisation: 'Hub' },
    planId: 'plan_abc01', patient, content: { planId: 'plan_abc01', position: 40, sections: values }, signature: 's', keyId: 'k', withheld: [], signedStatement: '{}', mayPrint: false, seal: { sealedAt: null, witnessedAt: null, witness: null },
  },
});

describe('documents', () => {
  test('HAZ-05 [SC14] a draft says so in words at its top, across its page and in its name; a signed one never does', () => {
    const draft = renderToStaticMarkup(createElement(ContentDocument, { patient, content: { sections: whole }, standing: 'draft', line: 'Draft for version 4.' }));
    expect(draft).toContain('aria-label="Draft of the plan, not signed"');
    expect(text(draft)).toContain('DRAFT · NOT SIGNED');
    const signed = renderToStaticMarkup(createElement(ContentDocument, { patient, content: { sections: whole }, standing: 'signed', line: 'Version 3.' }));
    expect(text(signed)).not.toMatch(/draft/i);
  });

  test('HAZ-20 [SC15] every field with a value is in the document, whole', () => {
    const markup = renderToStaticMarkup(createElement(ContentDocument, { patient, content: { sections: whole }, standing: 'signed', line: '' }));
    const absent = sections.flatMap((section) => section.fields.map((field) => `${section.id}.${field.id}`)).filter((id) => !markup.includes(`id="${id}"`));
    expect(absent).toEqual([]);
    const long = 'word '.repeat(4000);
    expect(renderToStaticMarkup(createElement(ContentDocument, { patient, content: { sections: { wishes: { whatMatters: [{ type: 'paragraph', text: long }] } } }, standing: 'signed', line: '' }))).toContain(long);
  });

  test('[SC15] a value that this screen does not know is shown as it is stored, and withheld sections are counted', () => {
    const shown = text(renderToStaticMarkup(createElement(ContentDocument, { patient, content: { sections: { wishes: { fromTheFuture: 'kept' } } }, standing: 'signed', line: '', withheld: ['prognosis'] })));
    expect(shown).toContain('wishes.fromTheFuture');
    expect(shown).toContain('1 section is not for your role');
  });

  test('HAZ-01 [SC5] a disputed value shows the word, both values and who wrote each', () => {
    const disputed = { disputed: [{ value: 'for-attempted-cpr', by: { id: 'person_a', name: 'Dr A. Osei', role: 'gp' }, at: '2026-11-05T13:58:00Z' }, { value: 'not-for-attempted-cpr', by: { id: 'person_b', name: 'S. Malik', role: 'coordinator' }, at: '2026-11-05T13:59:00Z' }] };
    const shown = text(renderToStaticMarkup(createElement(ContentDocument, { patient, content: { sections: { resuscitation: { cprDecision: disputed } } }, standing: 'draft', line: '' })));
    for (const part of ['Disputed', 'For attempted CPR', 'Dr A. Osei, 05-Nov-2026 13:58', 'Not for attempted CPR', 'S. Malik, 05-Nov-2026 13:59']) expect(shown).toContain(part);
  });

  test('[ML11] a version page tells signed, sealed and witnessed apart, and says of what has not happened that it has not', () => {
    const signedAt = '2026-11-05T14:03:07.120Z';
    const told = (seal: VersionView['seal']) => text(renderToStaticMarkup(createElement(SealSteps, { version: { signedAt, seal } })));
    expect(told({ sealedAt: null, witnessedAt: null, witness: null })).toMatch(/✓ Signed 05-Nov-2026 14:03.*Not sealed yet.*Not witnessed yet/);
    expect(told({ sealedAt: '2026-11-05T14:03:15Z', witnessedAt: '2026-11-05T14:04:16Z', witness: 'partner.example.org/accord-witness' }))
      .toMatch(/✓ Signed.*✓ Sealed 05-Nov-2026 14:03.*✓ Witnessed 05-Nov-2026 14:04.*partner\.example\.org/);
  });

  test('[SC16] masked values are dots until somebody asks', () => {
    const markup = renderToStaticMarkup(createElement(ContentDocument, { patient, content: { sections: { keysafe: { keySafeCode: '4711' } } }, standing: 'signed', line: '' }));
    expect(markup).not.toContain('4711');
    expect(text(markup)).toContain('Show');
  });

  test('[SC17] added and removed words are marked by element and by word', () => {
    const markup = renderToStaticMarkup(createElement(Differences, { items: [{ section: 'wishes', field: 'whatMatters', label: 'What matters to me', kind: 'changed', sentence: 's', words: [{ text: 'My ', change: 'same' }, { text: 'cat', change: 'removed' }, { text: 'dog', change: 'added' }] }] }));
    expect(markup).toMatch(/<del>.*cat.*<\/del>/);
    expect(markup).toMatch(/<ins>.*dog.*<\/ins>/);
    expect(text(markup)).toMatch(/\[removed: cat ?\].*\[added: dog ?\]/);
  });
});

describe('states', () => {
  test('HAZ-05 [SC14] draft, signed, changed and closed are different words', () => {
    const words = (['draft', 'signed', 'changed', 'closed'] as const).map((status) => text(renderToStaticMarkup(createElement(PlanStateTag, { status, versionNumber: 3 }))).trim());
    expect(words).toEqual(['Draft', '✓ Signed v3', 'Changed since v3', 'Closed']);
    const said = (['draft', 'signed', 'changed', 'closed'] as const).map((status) => text(renderToStaticMarkup(createElement(PlanState, { status, latestVersion: status === 'draft' ? null : latest }))).trim());
    expect(said).toEqual([
      'Draft never signed · urgent care sees nothing of this plan', '✓ Signed version 3 (05-Nov-2026 14:03, S. Malik)',
      'Draft changed since version 3 (05-Nov-2026 14:03, S. Malik) · urgent care reads version 3', 'Closed nobody can write in this plan any more · last signed: version 3 (05-Nov-2026 14:03, S. Malik)',
    ]);
    expect(said.filter((words) => words.startsWith('✓ Signed'))).toHaveLength(1);
  });

  test('HAZ-05 [VE7] where nothing differs the text is said to be the same, not that nobody wrote', () => {
    expect(sameWords('3', 'draft')).toBe('The text is the same as in version 3.');
    expect(sameWords('1', '3')).toBe('The text of version 3 is the same as in version 1.');
  });

  test('HAZ-13 [SC4] known, none and not recorded differ in sign, words and look', () => {
    const looks = [{ allergyStatus: 'has-allergies', allergies: [{ id: 'r', substance: 'Latex' }] }, { allergyStatus: 'no-known-allergies' }, {}]
      .map((facts) => renderToStaticMarkup(createElement(AllergyLine, { facts: { ...facts, disputed: [] } })));
    expect(new Set(looks.map((look) => /allergies--([a-z-]+)/.exec(look)?.[1])).size).toBe(3);
    expect(looks.map((look) => text(look).trim())).toEqual(['⚠ Allergies: Latex', '✓ No known allergies', '? Allergies not recorded']);
  });
});

describe('the urgent view', () => {
  test('HAZ-02 [SC18] it says which version, its age, its signer and when it was checked, and warns of a newer draft', () => {
    const shown = text(renderToStaticMarkup(createElement(UrgentPlan, { view: urgent({ resuscitation: { cprDecision: 'not-for-attempted-cpr', ceiling: 'ward-based' } }, true), checked: true })));
    expect(shown).toContain('Signed version 3, 18 days ago');
    expect(shown).toContain('Signed 05-Nov-2026 14:03 by S. Malik, Coordinator, Hub');
    expect(shown).toContain('Checked 10:00:00');
    expect(shown).toContain('A newer draft exists');
    expect(shown).toContain('Not for attempted CPR');
  });

  test('HAZ-02 [SC18] an answer kept from before is never called the latest', () => {
    const kept = text(renderToStaticMarkup(createElement(UrgentPlan, { view: urgent({}), checked: false })));
    expect(kept).not.toContain('this is the latest signed version');
    expect(kept).toContain('Not checked just now');
    const words = (checkedAt: string | undefined): string => text(renderToStaticMarkup(createElement(CouldNotCheck, { checkedAt, onRetry: () => undefined })));
    expect(words(undefined)).toContain('does not mean that there is no plan');
    expect(words('2026-11-23T10:00:00Z')).toContain('last checked 23-Nov-2026 10:00');
  });

  test('[SC18] what was not recorded is said as not recorded, first of all resuscitation and allergies', () => {
    const shown = text(renderToStaticMarkup(createElement(UrgentPlan, { view: urgent({}), checked: true })));
    for (const part of ['CPR recommendation: not recorded', 'Ceiling of treatment: not recorded', 'Allergies not recorded', 'No contacts were recorded', 'Nothing was recorded about getting in']) expect(shown).toContain(part);
    expect(shown).not.toContain('newer draft');
  });
});
