/** A section with its log so far, to try updates on at the gate. */
import * as Y from 'yjs';
import { judge, type Case, type Verdict } from '../../server/collab/gate.ts';
import type { Field, Section } from '../../shared/content/kinds.ts';
import { fieldById, sectionById } from '../../shared/content/standard.ts';
import { openRoots } from '../../shared/crdt/sectionDocument.ts';

export const field = (id: string): Field => fieldById(id) as Field;
export const section = (id: string): Section => sectionById(id) as Section;
const author = 'person_author';

export function newDoc(sectionId: string): Y.Doc {
  const doc = new Y.Doc();
  openRoots(doc, section(sectionId));
  return doc;
}

/** A section with its log so far, to try updates on. */
export class Stand {
  readonly staging: Y.Doc;
  readonly owners = new Map<number, string>();
  constructor(readonly sectionId: string) {
    this.staging = newDoc(sectionId);
  }
  copy(): Y.Doc {
    const doc = newDoc(this.sectionId);
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(this.staging));
    return doc;
  }
  judge(update: Uint8Array, rest: Partial<Case> = {}): Verdict {
    return judge({
      update, kind: 'update', staging: this.staging, sectionBytes: 0, section: section(this.sectionId), authorId: author, ownerOf: (client) => this.owners.get(client), mayNot: undefined,
      isService: false, today: '2026-06-01', ...rest,
    });
  }
  /** What `change` does to a copy, judged. */
  change(change: (doc: Y.Doc) => void, rest: Partial<Case> = {}): Verdict {
    const doc = this.copy();
    const before = Y.encodeStateVector(doc);
    change(doc);
    const verdict = this.judge(Y.encodeStateAsUpdate(doc, before), rest);
    if (verdict.kind === 'accept') for (const [client] of verdict.spans) this.owners.set(client, rest.authorId ?? author);
    return verdict;
  }
}
/** How the gate answered: the code of a refusal, else its kind. */
export const code = (verdict: Verdict): string => (verdict.kind === 'refuse' ? verdict.code : verdict.kind);
