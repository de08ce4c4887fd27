/** Where in a section's document a type stands: under which root, how deep, and whether it still stands. */
import * as Y from 'yjs';
import { fieldsRoot } from '../../shared/crdt/sectionDocument.ts';
import type { MadeType } from './contentReading.ts';

/** A shared type of any kind, as the library itself names it. */
export type AnyType = Y.Transaction['changed'] extends Map<infer Type, unknown> ? Type : never;

/** Something that holds values, text or other containers: in the document already, or made by the update at hand. */
export interface Container {
  /** Undefined when the update itself makes it. */
  readonly type: AnyType | undefined;
  readonly root: string;
  /** 0 for a root. */
  readonly depth: number;
  readonly kind: MadeType | 'map' | 'fragment' | 'other';
  /** Name of an element. */
  readonly name: string;
  /** The key under which it stands in its own parent. */
  readonly key: string | null;
  /** False once it, or something around it, was taken away. */
  readonly stands: boolean;
}

export function rootOf(type: AnyType): AnyType {
  let root = type;
  while (root._item !== null) root = root._item.parent as AnyType;
  return root;
}

export function containerOf(type: AnyType): Container {
  let root = type;
  let depth = 0;
  for (; root._item !== null; depth += 1) root = root._item.parent as AnyType;
  return {
    type, root: Y.findRootTypeKey(root), depth, kind: kindOf(type), name: type instanceof Y.XmlElement ? type.nodeName : '',
    key: type._item?.parentSub ?? null, stands: type._item === null || !type._item.deleted,
  };
}

function kindOf(type: AnyType): Container['kind'] {
  // The narrower kind first: the library's texts and elements are kinds of other types.
  if (type instanceof Y.XmlText) return 'text';
  if (type instanceof Y.XmlElement) return 'element';
  if (type instanceof Y.XmlFragment) return 'fragment';
  if (type instanceof Y.Array) return 'array';
  return type instanceof Y.Map && type.constructor === Y.Map ? 'map' : 'other';
}

/** One place of the section of which can be said that it changed: an ordinary value by its key, anything else by its root. */
export const placeName = (root: string, key: string | null): string => (root === fieldsRoot ? `${root}/${key ?? ''}` : root);
