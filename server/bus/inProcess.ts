/** The bus of a service that is its only node: nothing leaves the process. Passes the same tests as the one over Redis. */
import type { Bus, Clock } from '../ports.ts';

interface Fact {
  readonly value: Uint8Array;
  readonly expiry: { cancel(): void };
}

/** `onlyNode` says that nothing else in this process is on the bus either. */
export function inProcessBus(clock: Clock, onlyNode?: 'only-node'): Bus {
  const listeners = new Map<string, Set<(message: Uint8Array) => void>>();
  const facts = new Map<string, Map<string, Fact>>();

  const forget = (key: string, member: string) => {
    const members = facts.get(key);
    members?.get(member)?.expiry.cancel();
    members?.delete(member);
    if (members?.size === 0) facts.delete(key);
  };

  return {
    connected: true,
    ...(onlyNode ? { alone: true } : {}),
    publish(channel, message) {
      // Later and as a copy, as if it had been over a wire: no listener runs inside its publisher.
      const copy = Uint8Array.from(message);
      setImmediate(() => {
        for (const heard of [...(listeners.get(channel) ?? [])]) heard(copy);
      });
    },
    async subscribe(channel, heard) {
      const all = listeners.get(channel) ?? new Set();
      // A wrapper of its own, so that the same function may listen twice and stop once.
      const own = (message: Uint8Array) => heard(message);
      listeners.set(channel, all.add(own));
      return async () => {
        all.delete(own);
        if (all.size === 0 && listeners.get(channel) === all) listeners.delete(channel);
      };
    },
    onReconnect() {
      // This connection cannot be lost.
    },
    async put(key, member, value, expiryMs) {
      forget(key, member);
      const members = facts.get(key) ?? new Map<string, Fact>();
      facts.set(key, members);
      members.set(member, { value: Uint8Array.from(value), expiry: clock.after(expiryMs, () => forget(key, member)) });
    },
    async remove(key, member) {
      forget(key, member);
    },
    async list(key) {
      return new Map([...(facts.get(key) ?? [])].map(([member, fact]) => [member, fact.value]));
    },
    async close() {
      listeners.clear();
      for (const [key, members] of facts) for (const member of [...members.keys()]) forget(key, member);
    },
  };
}
