/** How much one connection may say: buckets of messages and of bytes that fill up again with time. Beyond that its socket is not read for a while. */
import { limits } from '../../shared/limits.ts';
import type { Clock } from '../ports.ts';

class Bucket {
  #left: number;
  constructor(private readonly perSecond: number, private readonly most: number) {
    this.#left = most;
  }
  /** Takes it out after `passedMs`; answers in how many milliseconds the bucket owes nothing again. */
  take(amount: number, passedMs: number): number {
    this.#left = Math.min(this.most, this.#left + (passedMs / 1000) * this.perSecond) - amount;
    return this.#left >= 0 ? 0 : Math.ceil((-this.#left / this.perSecond) * 1000);
  }
}

export class Allowance {
  readonly #messages = new Bucket(limits.framesPerSecondMax, limits.framesBurstMax);
  readonly #bytes = new Bucket(limits.bytesPerSecondMax, limits.bytesBurstMax);
  #atMs: number;
  constructor(private readonly clock: Clock) {
    this.#atMs = clock.now().getTime();
  }
  /** So many messages and bytes. Answers for how many milliseconds the socket should not be read; 0 mostly. A clock that is set back gives nothing and takes nothing. */
  take(messages: number, bytes: number): number {
    const nowMs = this.clock.now().getTime();
    const passedMs = Math.max(0, nowMs - this.#atMs);
    this.#atMs = nowMs;
    return Math.min(limits.pauseMsMax, Math.max(this.#messages.take(messages, passedMs), this.#bytes.take(bytes, passedMs)));
  }
}
