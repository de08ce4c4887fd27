/** What the screen shows of a plan to somebody who may not read what it says. */
import { describe, expect, jest, test } from '@jest/globals';
import { createElement, type ReactNode } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { AllergyLine } from '../../client/plans/AllergyLine.tsx';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { keys } from '../../client/data/keys.ts';
import { ApiProblem } from '../../client/data/problem.ts';
import { FactStrip } from '../../client/plans/FactStrip.tsx';
import { Loaded } from '../../client/ui/Loaded.tsx';
import { sections } from '../../shared/content/standard.ts';
import type { PlanListItem, PlanView } from '../../shared/wire/plans.ts';

// The router is a browser's and cannot be loaded here; of it only links are drawn.
jest.mock('wouter', () => ({ Link: ({ href, children }: { readonly href: string; readonly children: ReactNode }) => createElement('a', { href }, children) }));
const screens = async () => ({ ...(await import('../../client/plans/PlanFrame.tsx')), ...(await import('../../client/plans/TrailTable.tsx')) });

const draw = (element: ReactNode): string => renderToStaticMarkup(element);
const words = (markup: string): string => markup.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
const linksIn = (markup: string): readonly string[] => [...markup.matchAll(/href="([^"]*)"/g)].map((match) => match[1] ?? '');

const patient = { nhsNumber: '9990000018', familyName: 'Walker', givenName: 'Margaret', birthDate: '1941-06-05' };
// What the server sends to a privacy officer: no clinical answer at all.
const row: PlanListItem = {
  id: 'plan_walker', patient, status: 'changed', summary: { disputed: [] }, openActions: 0, presentNow: [],
  latestVersion: { number: 3, position: 40, signedAt: '2026-11-05T14:03:00Z', signedBy: 'S. Malik' }, lastChanged: { at: '2026-11-20T09:30:00Z', by: 'Ann Reid' },
};
const view = (access: 'none' | 'view'): PlanView => ({
  id: 'plan_walker', patient, status: 'changed', position: 41, team: [], latestVersion: row.latestVersion ?? null, summary: { disputed: [] }, createdAt: '2026-11-01T09:00:00Z', lastChangedAt: null,
  sections: sections.map(({ id, title, heading, fields }) => (access === 'none' ? { id, access } : { id, title, access, heading, fields: fields.map((field) => field.id) })), may: { sign: false, readAudit: true, changeTeam: false, correctIdentity: false },
});

test('[SC20] a plan that cannot be shown says why, once, and offers the caseload besides trying again', async () => {
  const { BackToCaseload } = await import('../../client/plans/BackToCaseload.tsx');
  const error = new ApiProblem('not-found', 404, 'There is no such plan for you', 'There is no such plan for you.');
  const shown = (failed: ApiProblem, seeCaseload = true): string => {
    const client = new QueryClient();
    client.setQueryData(keys.session, { may: { seeCaseload } });
    const page = Loaded({ query: { data: undefined, error: failed, isPending: false, refetch: () => Promise.reject(failed) }, what: 'the plan', wayOut: createElement(BackToCaseload), children: () => null });
    return draw(createElement(QueryClientProvider, { client }, page));
  };
  const drawn = shown(error);
  expect(words(drawn).match(/no such plan/g)).toHaveLength(1);
  expect(words(drawn)).toMatch(/Back to the caseload.*Try again/);
  expect(linksIn(drawn)).toEqual(['/']);
  // Asking again opens no door to somebody whose role may not; and who has no caseload is not sent to one.
  expect(words(shown(new ApiProblem('not-allowed', 403, 'Your role may not do this', '')))).not.toContain('Try again');
  expect(words(shown(error, false))).toMatch(/Back to your start page/);
});

describe('for somebody who may not read what plans say', () => {
  test('[SC19] HAZ-13 a caseload row says who, how the plan stands and who changed it last, leads to the trail, and calls nothing missing', async () => {
    const { TrailTable } = await screens();
    const markup = draw(createElement(TrailTable, { items: [row] }));
    expect(words(markup)).toMatch(/WALKER, Margaret.*05-Jun-1941.*999 000 0018.*Changed since v3.*Ann Reid, 20-Nov-2026 09:30.*Audit trail of WALKER, Margaret/);
    expect(words(markup)).not.toMatch(/not recorded|missing|no stage|no date/i);
    expect(new Set(linksIn(markup))).toEqual(new Set(['/plans/plan_walker/audit']));
  });

  test('[SC19] HAZ-13 the banner is silent about allergies and the questions of a review instead of calling them not recorded', () => {
    const withheld = { disputed: [], withheld: true as const };
    expect(draw(createElement(AllergyLine, { facts: withheld }))).toBe('');
    expect(draw(createElement(FactStrip, { facts: withheld, onOpenField: undefined }))).toBe('');
    expect(words(draw(createElement(FactStrip, { facts: { disputed: [] }, onOpenField: undefined })))).toContain('Not recorded');
  });

  test('[SC19] of a plan’s pages only the care team, the trail and who has looked are offered; whoever reads sections is offered all', async () => {
    const { PlanLinks } = await screens();
    expect(linksIn(draw(createElement(PlanLinks, { plan: view('none') })))).toEqual(['/plans/plan_walker/team', '/plans/plan_walker/audit', '/plans/plan_walker/looked']);
    expect(linksIn(draw(createElement(PlanLinks, { plan: view('view') })))).toHaveLength(7);
  });
});
