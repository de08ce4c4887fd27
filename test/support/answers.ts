/** Changes to a section's document that tests hand to the service's own way of writing. */
import * as Y from 'yjs';
import type { Field, ProseBlock, Row } from '../../shared/content/kinds.ts';
import { fieldById } from '../../shared/content/standard.ts';
import { fieldsRoot, putRow, writeProse, writeValue } from '../../shared/crdt/sectionDocument.ts';

/** Puts these values in, of whatever kind their fields are. */
export const answers = (values: Readonly<Record<string, unknown>>) => (doc: Y.Doc): void => {
  for (const [id, value] of Object.entries(values)) writeAny(doc, fieldById(id) as Field, value);
};

function writeAny(doc: Y.Doc, field: Field, value: unknown): void {
  if (field.merge === 'T' && Array.isArray(value)) return writeProse(doc, field, value as ProseBlock[]);
  if (field.merge === 'G' && Array.isArray(value)) return (value as Row[]).forEach((row) => putRow(doc, field, row));
  if (field.merge === 'T' || field.merge === 'G') return void doc.getMap(fieldsRoot).set(field.id, value);
  writeValue(doc, field, value);
}

/** Leaves two values of an exclusive field, as two people do who have not seen each other. */
export const contradict = (fieldId: string, values: readonly [unknown, unknown]) => (doc: Y.Doc): void => {
  const field = fieldById(fieldId) as Field;
  const copies = values.map((value) => {
    const copy = new Y.Doc();
    Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
    writeValue(copy, field, value);
    return copy;
  });
  for (const copy of copies) {
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(copy));
    copy.destroy();
  }
};
