/** One person's line to one section: what the room, the committer and presence know of a socket. */
import type { Actor } from '../../shared/domain/roles.ts';
import type { CloseName } from '../../shared/wire/close.ts';
import { CatchingUp } from './catchingUp.ts';
import type { Outgoing } from './outgoing.ts';

export interface Channel {
  /** Id of the connection; one person with two tabs has two. */
  readonly connection: string;
  readonly sectionId: string;
  /** As signed in, renewed while the connection lasts. */
  readonly actor: Actor;
  /** Name of the session that it belongs to, where there is one. */
  readonly session: string | undefined;
  /** Has sent a saved barrier: only then may it hear of types that stock clients do not know. */
  readonly asked: boolean;
  /** Sent away for good (a refusal, a lost right, a session that ended): what it sent before no longer counts. */
  readonly barred: boolean;
  /** Does nothing once the connection is closed. */
  send(frame: Outgoing): void;
  /** Closes the whole connection. `because` is for people and never holds what was written. */
  close(name: CloseName, because: string): void;
}

/** A connection, whatever it has open. */
export interface Line {
  readonly connection: string;
  readonly actor: Actor;
  readonly session?: string | undefined;
  readonly barred: boolean;
  send(frame: Outgoing): void;
  close(name: CloseName, because: string): void;
}

/** A connection's line to one section. */
export class SectionChannel implements Channel {
  asked = false;
  /** While the client has not answered the server's question: what waits for that. */
  catchingUp: CatchingUp | undefined = new CatchingUp();
  constructor(readonly sectionId: string, private readonly line: Line) {}
  get connection(): string {
    return this.line.connection;
  }
  get actor(): Actor {
    return this.line.actor;
  }
  get session(): string | undefined {
    return this.line.session;
  }
  get barred(): boolean {
    return this.line.barred;
  }
  send(frame: Outgoing): void {
    this.line.send(frame);
  }
  close(name: CloseName, because: string): void {
    this.line.close(name, because);
  }
}
