/** What stands in the log of one section, told from the bytes of its rows alone: how far each client id goes, and what was taken away. */
import * as Y from 'yjs';

interface Range {
  from: number;
  after: number;
}

export class Known {
  readonly clocks = new Map<number, number>();
  readonly #deleted = new Map<number, Range[]>();

  /** Takes a row. Answers what is wrong with it: it leaves something out, or brings something a second time, or nothing at all. */
  take(bytes: Uint8Array): string | undefined {
    const { structs, ds } = Y.decodeUpdate(bytes);
    let brings = false;
    let fault: string | undefined;
    for (const struct of structs) {
      const { client, clock } = struct.id;
      const known = this.clocks.get(client) ?? 0;
      if (struct instanceof Y.Skip || clock > known) fault ??= `client ${client} goes on at ${clock} after ${known}`;
      if (clock < known) fault ??= `client ${client} brings ${clock} again, where ${known} stands`;
      this.clocks.set(client, clock + struct.length);
      brings = true;
      if (isHole(struct)) this.#delete(client, clock, clock + struct.length);
    }
    for (const [client, items] of ds.clients) {
      for (const { clock, len } of items) {
        if (clock + len > (this.clocks.get(client) ?? 0)) fault ??= `deletes ${clock} to ${clock + len} of client ${client}, which does not stand`;
        if (!this.#covers(client, clock, clock + len)) brings = true;
        this.#delete(client, clock, clock + len);
      }
    }
    return fault ?? (brings ? undefined : 'says nothing new');
  }

  /** What of an update does not stand here. */
  misses(update: Uint8Array): string | undefined {
    const { structs, ds } = Y.decodeUpdate(update);
    for (const struct of structs) {
      const { client, clock } = struct.id;
      if (!(struct instanceof Y.Skip) && clock + struct.length > (this.clocks.get(client) ?? 0)) return `client ${client} up to ${clock + struct.length}, of which ${this.clocks.get(client) ?? 0} stands`;
    }
    for (const [client, items] of ds.clients) {
      for (const { clock, len } of items) if (!this.#covers(client, clock, clock + len)) return `deletion of ${clock} to ${clock + len} of client ${client}`;
    }
    return undefined;
  }

  #covers(client: number, from: number, after: number): boolean {
    return from === after || (this.#deleted.get(client) ?? []).some((range) => range.from <= from && after <= range.after);
  }
  #delete(client: number, from: number, after: number): void {
    const apart: Range[] = [];
    const joined = { from, after };
    for (const range of this.#deleted.get(client) ?? []) {
      if (range.after < joined.from || range.from > joined.after) apart.push(range);
      else {
        joined.from = Math.min(joined.from, range.from);
        joined.after = Math.max(joined.after, range.after);
      }
    }
    this.#deleted.set(client, [...apart, joined]);
  }
}

const isHole = (struct: Y.Item | Y.GC | Y.Skip): boolean => struct instanceof Y.GC || (struct instanceof Y.Item && struct.content instanceof Y.ContentDeleted);
