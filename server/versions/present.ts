/** What goes out about versions: whole sections in or out, with the names as they were when it was signed. */
import type { PlanContent } from '../../shared/content/planContent.ts';
import { sealed } from '../../shared/content/sealed.ts';
import { sections } from '../../shared/content/standard.ts';
import { onlySections } from '../../shared/domain/plan.ts';
import type { SignedStatement } from '../../shared/domain/signOff.ts';
import type { VersionItem, VersionView } from '../../shared/wire/plans.ts';
import { presentPatient } from '../plans/present.ts';
import type { FullVersionRow, VersionRow } from './store.ts';

/** Text that we ourselves made canonical and keep unchangeable. */
export const contentOf = (version: FullVersionRow): PlanContent => JSON.parse(version.content) as PlanContent;
const statementOf = (version: VersionRow): SignedStatement => JSON.parse(version.statement) as SignedStatement;

/** The patient as the content itself names them: never as a later draft does. */
export function patientOf(content: PlanContent): VersionView['patient'] {
  const identity = content.sections['identity'] ?? {};
  const number = identity['nhsNumber'];
  return presentPatient(typeof number === 'string' ? number : '', identity);
}

export function presentVersionItem(version: VersionRow): VersionItem {
  const { meaning, signer } = statementOf(version);
  const { number, position, contentHash, previousHash, signedAt, latest } = version;
  return { number, position, contentHash, previousHash, statement: meaning, signedAt: signedAt.toISOString(), signedBy: { ...signer }, latest };
}

/**
 * One version with the sections that may be read. The others are named, so that nobody takes what they see for the whole; all of
 * them, so that the list does not tell which of them hold something.
 */
export function presentVersion(version: FullVersionRow, readable: ReadonlySet<string>, { seal, mayPrint }: Pick<VersionView, 'seal' | 'mayPrint'>): VersionView {
  const content = contentOf(version);
  return {
    ...presentVersionItem(version),
    planId: version.planId,
    patient: patientOf(content),
    content: wireContent(sealed(onlySections(content, readable))),
    signature: version.signature,
    keyId: version.keyId,
    withheld: [...new Set([...sections.map(({ id }) => id), ...Object.keys(content.sections)])].filter((id) => !readable.has(id)),
    signedStatement: version.statement,
    mayPrint,
    seal,
  };
}

/** Read-only sections as the wire's type wants them. */
export const wireContent = ({ planId, position, sections, salt }: PlanContent): VersionView['content'] => ({
  planId,
  position,
  ...(salt === undefined ? {} : { salt }),
  sections: Object.fromEntries(Object.entries(sections).map(([id, values]) => [id, { ...values }])),
});
