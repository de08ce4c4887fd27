/** A field as it is read after its dispute was settled: drawn from a live document, without a browser. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { ConnectionContext } from '../../client/collab/hooks.ts';
import type { LocalCopy } from '../../client/collab/localCopy.ts';
import { PlanConnection } from '../../client/collab/planConnection.ts';
import type { Surroundings } from '../../client/collab/surroundings.ts';
import { writeField } from '../../client/collab/writing.ts';
import { SettledBecause } from '../../client/plan/SettledBecause.tsx';
import type { Field } from '../../shared/content/kinds.ts';
import { fieldById, sectionOfField } from '../../shared/content/standard.ts';

const cpr = fieldById('cprDecision') as Field;
const birthDate = fieldById('birthDate') as Field;
/** A device without a network, whose clock stands still. */
const alone: Surroundings = {
  onNetwork: () => () => undefined,
  now: () => 0, random: () => 0.5, after: () => () => undefined,
  openSocket: () => ({ readyState: 0, binaryType: 'arraybuffer', onopen: null, onmessage: null, onclose: null, onerror: null, send: () => undefined, close: () => undefined }),
};

/** Without the service a section can be written only where the device holds it. */
const heldEmpty = (sections: readonly string[]): LocalCopy => ({
  sections: new Map(sections.map((id) => [id, { updates: [], unsent: [] }])), refused: [], unsent: [], pending: false,
  changed: () => undefined, whole: () => undefined, forget: () => undefined, words: () => undefined,
});

let plan: PlanConnection;
beforeEach(() => {
  const sections = ['resuscitation', 'identity'];
  plan = new PlanConnection({ url: 'ws://nowhere', sections: sections.map((id) => ({ id, mayEdit: true })), around: alone, copy: heldEmpty(sections), onAccessChanged: () => undefined });
});
afterEach(() => plan.destroy());

const said = (field: Field): string =>
  renderToStaticMarkup(createElement(ConnectionContext.Provider, { value: plan }, createElement(SettledBecause, { section: sectionOfField(field.id)?.id ?? '', field }))).replace(/<[^>]*>/g, '');

describe('a settled answer', () => {
  test('[PG8] HAZ-01 says why it was chosen, until another answer takes its place', () => {
    expect(writeField(plan, 'resuscitation', cpr, 'not-for-attempted-cpr', 'Agreed with the family on the ward')).toBeUndefined();
    expect(said(cpr)).toBe('Settled: Agreed with the family on the ward');
    expect(writeField(plan, 'resuscitation', cpr, 'for-attempted-cpr')).toBeUndefined();
    expect(said(cpr)).toBe('');
  });

  test('[PG8] an answer that nobody had to settle says nothing of the kind', () => {
    writeField(plan, 'resuscitation', cpr, 'not-for-attempted-cpr');
    expect(said(cpr)).toBe('');
  });

  test('[PG8] HAZ-03 a registered value that was corrected says why', () => {
    expect(writeField(plan, 'identity', birthDate, '1941-06-15', 'Passport seen by the practice')).toBeUndefined();
    expect(said(birthDate)).toBe('Corrected: Passport seen by the practice');
  });
});
