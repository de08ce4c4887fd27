/** One person's line to one section: what the room, the committer and presence know of a socket. */
import type { Actor } from '../../shared/domain/roles.ts';
import type { CloseName } from '../../shared/wire/close.ts';
import type { Outgoing } from './outgoing.ts';

export interface Channel {
  /** Id of the connection; one person with two tabs has two. */
  readonly connection: string;
  readonly sectionId: string;
  /** As signed in, renewed while the connection lasts. */
  readonly actor: Actor;
  /** Has sent a saved barrier: only then may it hear of types that stock clients do not know. */
  readonly asked: boolean;
  /** Sent away for good (a refusal, a lost right, a session that ended): what it sent before no longer counts. */
  readonly barred: boolean;
  /** Does nothing once the connection is closed. */
  send(frame: Outgoing): void;
  /** Closes the whole connection. `because` is for people and never holds what was written. */
  close(name: CloseName, because: string): void;
}
