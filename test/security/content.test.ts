/** Attempts to bring to a screen what is no text: markup, links, styles, characters that hide or heap; and the policy that stands behind it on every answer. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import * as Y from 'yjs';
import { z } from 'zod';
import { signOffProblems } from '../../shared/content/completeness.ts';
import { checkText } from '../../shared/content/checkText.ts';
import type { PlanContent } from '../../shared/content/planContent.ts';
import { writeProse, writeValue } from '../../shared/crdt/sectionDocument.ts';
import { limits } from '../../shared/limits.ts';
import type { PlanId } from '../../shared/ids.ts';
import { makeAttackStand, nextNumber, type AttackStand } from '../support/attackStand.ts';
import { updateOf } from '../support/provider.ts';
import { eventually } from '../support/eventually.ts';
import { request } from '../support/rawLine.ts';
import { field } from '../support/stand.ts';

let stand: AttackStand;
beforeAll(async () => { stand = await makeAttackStand(); });
afterEach(() => stand.closeSockets());
afterAll(() => stand.close());

/** How a change to prose was answered: nothing when it was let in. */
async function refusalOf(change: (doc: Y.Doc) => void, sectionId = 'wishes'): Promise<string | undefined> {
  const socket = stand.socket(`/${stand.planId}/${sectionId}`, 'social');
  await socket.opened();
  socket.say({ kind: 'barrier', number: 1 });
  socket.say({ kind: 'step2', update: updateOf(sectionId, change) });
  socket.say({ kind: 'barrier', number: 2 });
  await Promise.race([socket.saved(2), socket.closed()]);
  const notice = socket.notices.find(({ kind }) => kind === 'refused');
  return notice?.kind === 'refused' ? notice.code : undefined;
}
const fragment = (doc: Y.Doc): Y.XmlFragment => doc.getXmlFragment('t:whatMatters');
const element = (name: string, attributes: Readonly<Record<string, unknown>> = {}): Y.XmlElement => {
  const made = new Y.XmlElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value as string);
  return made;
};

describe('markup', () => {
  const hostile = ['<script>alert(1)</script>', '<img src=x onerror=alert(1)>', '<svg/onload=alert(1)>', '<iframe srcdoc="<script>alert(1)</script>">', '<math><mtext></p><script>alert(1)</script>', '{{constructor.constructor("alert(1)")()}}', '${alert(1)}', '%s %d {0} {name}', '"><b>', '&lt;script&gt;'];

  test('A50 what looks like markup is text: stored, answered and read letter for letter, as JSON that no browser takes for a page', async () => {
    const paragraphs = hostile.map((each) => ({ type: 'paragraph' as const, text: each }));
    expect(await refusalOf((doc) => writeProse(doc, field('whatMatters'), paragraphs))).toBeUndefined();
    const { body, headers } = await stand.as('coordinator').get(`/api/plans/${stand.planId}/content`);
    const { sections } = body as unknown as PlanContent;
    expect(sections['wishes']?.['whatMatters']).toEqual(paragraphs);
    expect([headers.get('content-type'), headers.get('x-content-type-options')]).toEqual(['application/json; charset=utf-8', 'nosniff']);
    const made = await stand.as('coordinator').post('/api/plans', { patient: { nhsNumber: nextNumber(), familyName: hostile[0], givenName: hostile[1], birthDate: '1941-06-05' } });
    expect((made.body['patient'] as { familyName: string }).familyName).toBe(hostile[0]);
  });

  test('A50 nodes that are no paragraph, list or line break are refused, whatever they are called', async () => {
    for (const name of ['script', 'img', 'svg', 'math', 'iframe', 'object', 'embed', 'style', 'link', 'form', 'a', 'h1', 'Paragraph', 'paragraph onload=x', '__proto__', 'constructor', '']) {
      expect([name, await refusalOf((doc) => fragment(doc).insert(0, [element(name)]))]).toEqual([name, 'wrong-content']);
    }
  });

  test('A51 there are no links: a mark that would be one is refused, wherever it leads', async () => {
    for (const href of ['javascript:alert(1)', 'data:text/html,<script>alert(1)</script>', 'vbscript:x', ' java\tscript:alert(1)', '//evil.example', 'https://аpple.com', 'https://accord.example']) {
      for (const mark of [{ link: { href } }, { a: { href } }, { bold: { href } }, { italic: href }]) {
        expect([href, await refusalOf((doc) => {
          const paragraph = element('paragraph');
          const letters = new Y.XmlText();
          fragment(doc).insert(0, [paragraph]);
          paragraph.insert(0, [letters]);
          letters.insert(0, 'press here', mark as Record<string, unknown>);
        })]).toEqual([href, 'wrong-content']);
      }
    }
  });

  test('A52 attributes of style, class and events are refused', async () => {
    for (const attributes of [{ style: 'position:fixed' }, { class: 'accord-banner' }, { onclick: 'alert(1)' }, { onload: 'x' }, { id: 'root' }, { href: { toString: 'x' } }, { contenteditable: 'false' }, { 'data-x': '1' }]) {
      expect([attributes, await refusalOf((doc) => fragment(doc).insert(0, [element('paragraph', attributes)]))]).toEqual([attributes, 'wrong-content']);
    }
  });

  test('A55 words that mean something to a template come back in no sentence of the service but as they were written', async () => {
    const { body } = await stand.as('coordinator').post('/api/plans', { patient: { nhsNumber: '{{7*7}}', familyName: '', givenName: '${7*7}', birthDate: '{0}' } });
    expect(JSON.stringify(body)).not.toMatch(/49|\{\{|\$\{|\{0\}/);
    expect((body['problems'] as unknown[]).length).toBeGreaterThan(1);
  });
});

describe('characters', () => {
  const marks = (count: number): string => `e${'\u0301'.repeat(count)}`;
  const refused: readonly (readonly [string, string])[] = [
    ['a turned direction', 'do \u202enot\u202c give'], ['an isolate', '\u2067x\u2069'], ['NUL', 'a\u0000b'], ['half a character', 'a\ud800b'], ['ten thousand marks on one letter', marks(10_000)],
    ['one mark more than any writing needs', marks(limits.marksOnOneLetterMax + 1)], ['a joiner inside a number', '1\u200d0 mg'], ['nothing inside a number', '1\u200b0 mg'], ['a soft hyphen inside a number', '2\u00ad5'], ['a hidden character at a decimal point', '1\u2060.5 mg'], ['a mark of order inside Arabic digits', '\u0661\ufeff\u0660'],
  ];

  test.each(refused)('[WH13] HAZ-20 A39 text with %s is refused, in a value and in prose', async (_, text) => {
    expect(checkText(text, Number.POSITIVE_INFINITY, true)).toBeDefined();
    expect(await refusalOf((doc) => writeValue(doc, field('address'), text.slice(0, 1_900)), 'identity')).toBe('invalid');
    expect(await refusalOf((doc) => writeProse(doc, field('whatMatters'), [{ type: 'paragraph', text }]))).toBe('invalid');
  });

  test('[WH13] A39 any language’s ordinary writing is let in, and comes out as it was written', async () => {
    const texts = ['Siân Ó Briain', 'مارگارت', '王小明', '😀 👩🏽‍⚕️ 10 mg', 'می‌خواهم', 'क्षत्रिय', 'Z̤͔ͧ̑̓', '1,000.5 ml 3/7', marks(limits.marksOnOneLetterMax)];
    for (const text of texts) expect([text, await refusalOf((doc) => writeProse(doc, field('whatMatters'), [{ type: 'paragraph', text }]))]).toEqual([text, undefined]);
    const { sections } = (await stand.as('coordinator').get(`/api/plans/${stand.planId}/content`)).body as unknown as PlanContent;
    const stored = JSON.stringify(sections['wishes']);
    for (const text of texts) expect(stored).toContain(JSON.stringify(text).slice(1, -1));
  });

  test('[WH13] A39 prose that became so letter by letter is not signed until it is mended', () => {
    const plan = (text: string): PlanContent => ({ planId: 'plan_letters000' as PlanId, position: 1, sections: { wishes: { whatMatters: [{ type: 'paragraph', text }] } } });
    const blocked = (text: string): boolean => signOffProblems(plan(text), '2026-06-01').some((problem) => problem.field === 'whatMatters' && problem.severity === 'blocks');
    expect([blocked('Morphine 10 mg'), ...refused.map(([, text]) => blocked(text))]).toEqual([false, ...refused.map(() => true)]);
  });
});

describe('the policy behind it', () => {
  test('[WH15] A56 every answer, page, refusal and failure carries a policy without inline script, inline style sheets, eval, frames or foreign addresses', async () => {
    const { paths } = z.object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) }).parse((await stand.app.api().get('/api/openapi.json')).body);
    const asked: (readonly [string, string])[] = Object.entries(paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => [method.toUpperCase(), path.replaceAll(/\{\w+\}/g, 'x')] as const));
    const all = [...asked, ['GET', '/'], ['GET', '/plans/x'], ['GET', '/livez'], ['GET', '/readyz'], ['GET', '/metrics'], ['GET', '/nothing.js'], ['GET', '/assets/nothing.js'], ['GET', '/api/%E0%A4%A'], ['GET', '/auth/nothing'], ['PATCH', '/api/plans'], ['OPTIONS', '/api/plans'], ['TRACE', '/api/plans']] as const;
    for (const [method, path] of all) {
      const line = stand.line(request(method, path, [`Host: 127.0.0.1:${stand.port}`, `Cookie: ${stand.cookies.coordinator}`, 'Connection: close']));
      await line.closed();
      const head = line.text().split('\r\n\r\n')[0] ?? '';
      const policy = /^Content-Security-Policy: (.*)$/im.exec(head)?.[1]?.trim();
      expect([path, policy === undefined ? head : Object.fromEntries(policy.split(';').map((part) => { const [name = '', ...rest] = part.trim().split(' '); return [name, rest.join(' ')]; }))]).toEqual([path, {
        'default-src': `'self'`, 'script-src': `'self'`, 'style-src': `'self'`, 'style-src-attr': `'unsafe-inline'`, 'img-src': `'self' data:`, 'font-src': `'self'`, 'connect-src': `'self' ${stand.app.url.replace('http', 'ws')}`, 'object-src': `'none'`, 'base-uri': `'none'`,
        'form-action': `'self'`, 'frame-ancestors': `'none'`, ...trusted,
      }]);
      expect([path, /^X-Content-Type-Options: nosniff$/im.test(head), /^Referrer-Policy: same-origin$/im.test(head), /^X-Frame-Options: DENY$/im.test(head), /^Permissions-Policy: camera=\(\)/im.test(head), /^(Server|X-Powered-By):/im.test(head), /^Access-Control-/im.test(head)]).toEqual([path, true, true, true, true, false, false]);
    }
    // Sockets answer no page at all.
    await eventually(() => expect(stand.lines.length).toBeGreaterThan(all.length));
  });
  const trusted = { 'require-trusted-types-for': `'script'`, 'trusted-types': 'accord ProseMirrorClipboard' };
});
