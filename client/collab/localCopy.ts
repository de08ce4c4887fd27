/** What a live plan asks of the copy of it that is kept on this device; how and where that is kept is not its business. */
import type { KeptText } from './keptText.ts';

export interface HeldSection {
  /** Changes of the section's document; all of them together are what it held. */
  readonly updates: readonly Uint8Array[];
  /** Fields whose last change here was never confirmed by the server. */
  readonly unsent: readonly string[];
}

/** Words of this person that are nowhere but on this device. */
export interface OwnWords {
  readonly unsent: readonly KeptText[];
  /** Not taken by the server; kept until the person is done with them. */
  readonly refused: readonly KeptText[];
}

export interface LocalCopy {
  /** What the copy held when it was opened; empty when it is being made. */
  readonly sections: ReadonlyMap<string, HeldSection>;
  readonly refused: readonly KeptText[];
  /** What was written and not confirmed when the copy was opened, in sections that may be closed to this person by now. */
  readonly unsent: readonly KeptText[];
  /** The section's document changed, here or elsewhere. */
  changed(section: string, update: Uint8Array): void;
  /** The whole section as it is now; stands for everything that was held of it when the copy was opened. */
  whole(section: string, state: Uint8Array): void;
  /** The section is no longer to be held: it was refused, or is closed to this person. */
  forget(section: string): void;
  words(words: OwnWords): void;
  /** Something that was said is not on the device yet. */
  readonly pending: boolean;
}
