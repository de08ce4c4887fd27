/** What an update brings that never shows: values that lost against another written at once, and values taken away in the same breath. */
import * as Y from 'yjs';
import { fieldsRoot } from '../../shared/crdt/sectionDocument.ts';
import { attributeAllowed } from './proseShape.ts';
import { exclusiveFault, fault, fieldOfRoot, ordinaryFault, ordinaryField, rootOf, rowFault, wrong, type AnyType, type Examination, type Fault } from './shape.ts';

/** Values of one place in the document. */
export interface Unseen {
  readonly parent: AnyType;
  readonly key: string | null;
  readonly values: readonly unknown[];
}

/** The unseen values from `from` on. To be called before the transaction is cleaned up: what is taken away is forgotten then. */
export function unseenSince(doc: Y.Doc, client: number, from: number): Unseen[] {
  const structs = doc.store.clients.get(client);
  if (!structs || Y.getState(doc.store, client) <= from) return [];
  const found: Unseen[] = [];
  for (const struct of structs.slice(Y.findIndexSS(structs, from))) {
    if (!(struct instanceof Y.Item) || !struct.deleted || !(struct.content instanceof Y.ContentAny)) continue;
    found.push({ parent: struct.parent as AnyType, key: struct.parentSub, values: struct.content.arr as readonly unknown[] });
  }
  return found;
}

/** The first of these that the content standard does not allow in its place: the log keeps it, so it must be as good as what shows. */
export function unseenFault(examination: Examination, unseen: readonly Unseen[]): Fault | undefined {
  for (const each of unseen) {
    for (const value of each.values) {
      const found = faultOf(examination, each, value);
      if (found) return found;
    }
  }
  return undefined;
}

function faultOf(examination: Examination, { parent, key }: Unseen, value: unknown): Fault | undefined {
  const root = rootOf(parent);
  const name = Y.findRootTypeKey(root);
  if (name === fieldsRoot) {
    if (parent !== root) return fault('wrong-content', 'An ordinary value cannot hold a shared type.');
    const field = ordinaryField(examination, key);
    return 'of' in field ? ordinaryFault(examination, field, value) : field;
  }
  const field = fieldOfRoot(examination.section, name);
  if (!field) return fault('unknown-field', 'The change names a field that this section does not have.');
  if (field.merge === 'X') return parent === root && key === null ? exclusiveFault(examination, field, value) : wrong(field);
  if (field.merge === 'G') return parent !== root && key === null ? rowFault(field, parent._item?.parentSub ?? '', value) : wrong(field);
  return key !== null && parent instanceof Y.XmlElement && attributeAllowed(parent.nodeName, key, value) ? undefined : wrong(field);
}
