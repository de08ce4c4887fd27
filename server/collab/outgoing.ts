/** A frame on its way to many sockets: spelled once for each form of the endpoint, however many read it. */
import { encodeFrame, withSection, type ServerFrame } from '../../shared/crdt/frame.ts';
import type { Notice } from '../../shared/wire/notice.ts';

export class Outgoing {
  #plain: Uint8Array | undefined;
  #wrapped: Uint8Array | undefined;
  private constructor(readonly sectionId: string, readonly content: ServerFrame) {}

  static frame(sectionId: string, content: ServerFrame): Outgoing {
    return new Outgoing(sectionId, content);
  }
  static notice(sectionId: string, notice: Notice): Outgoing {
    return Outgoing.frame(sectionId, { kind: 'notice', value: notice });
  }

  /** For the socket of one section. */
  get plain(): Uint8Array {
    this.#plain ??= encodeFrame(this.content);
    return this.#plain;
  }
  /** For the socket that carries every section. */
  get wrapped(): Uint8Array {
    this.#wrapped ??= withSection(this.sectionId, this.plain);
    return this.#wrapped;
  }
}
