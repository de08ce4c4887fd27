/** What nodes say to each other about an open plan. A hint only: whoever misses one reads the log. */
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import type { PlanNotice } from '../ports.ts';
import type { LogRow } from './planLog.ts';

/** Where somebody stands in a section of the plan; `state: null` when they left. */
export interface PresenceHint {
  readonly connection: string;
  readonly section: string;
  readonly id: number;
  readonly state: unknown;
}
export type PlanMessage =
  | { readonly kind: 'rows'; readonly rows: readonly LogRow[] }
  | { readonly kind: 'notice'; readonly notice: PlanNotice }
  | { readonly kind: 'presence'; readonly states: readonly PresenceHint[] };

export const planChannel = (planId: string): string => `plan:${planId}`;

type RowHeader = Omit<LogRow, 'bytes' | 'at'> & { readonly at: string };

/** The message with the id of the node that says it. */
export function encodeMessage(node: string, message: PlanMessage): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarString(encoder, node);
    if (message.kind !== 'rows') return encoding.writeVarString(encoder, JSON.stringify(message));
    encoding.writeVarString(encoder, JSON.stringify({ kind: 'rows', headers: message.rows.map(({ bytes: _bytes, ...header }) => header) }));
    for (const row of message.rows) encoding.writeVarUint8Array(encoder, row.bytes);
  });
}

/** What another node says; `undefined` for what this node said itself, and for bytes that no node of ours wrote. */
export function decodeMessage(bytes: Uint8Array, thisNode: string): PlanMessage | undefined {
  try {
    const decoder = decoding.createDecoder(bytes);
    if (decoding.readVarString(decoder) === thisNode) return undefined;
    const body = JSON.parse(decoding.readVarString(decoder)) as { kind: 'rows'; headers: RowHeader[] } | Exclude<PlanMessage, { kind: 'rows' }>;
    if (body.kind !== 'rows') return body;
    const rows = body.headers.map((header) => ({ ...header, at: new Date(header.at), bytes: decoding.readVarUint8Array(decoder) }));
    return { kind: 'rows', rows };
  } catch {
    return undefined; // another program writes on this Redis, or another release: the log says the same
  }
}
