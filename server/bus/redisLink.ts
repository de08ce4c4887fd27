/** One connection to Redis that may fail at any time without anyone waiting for it: bounded waits, own reconnection, one log line for each change. */
import type { Logger } from 'pino';
import { createClient, RESP_TYPES } from 'redis';
import { limits } from '../../shared/limits.ts';

const pingIntervalMs = 1_000;
/** Nothing heard for this long, although asked every second: the connection is dead and is made anew. */
const silenceMs = 5_000;

export interface RedisLink {
  readonly client: ReturnType<typeof makeClient>;
  /** True while Redis answers in time. */
  readonly responsive: () => boolean;
  /** Sends one command. Undefined when Redis did not answer within the limit, or is known not to answer. Never throws. */
  ask(args: readonly (string | Buffer)[]): Promise<unknown>;
  /** Resolves like `work`, or with undefined after the limit or on an error. */
  within<T>(work: Promise<T>): Promise<T | undefined>;
  /** Called each time that Redis answers again after it did not. */
  onReturn(heard: () => void): void;
  close(): Promise<void>;
}

const makeClient = (url: string) => createClient({
  url,
  // Hints that cannot be sent now are worth nothing later.
  disableOfflineQueue: true,
  commandsQueueMaxLength: 10_000,
  socket: { connectTimeout: 2_000, socketTimeout: silenceMs, reconnectStrategy: (attempts: number) => Math.min(100 * 2 ** attempts, 2_000) },
  commandOptions: { typeMapping: { [RESP_TYPES.BLOB_STRING]: Buffer } },
});

export function openLink(url: string, name: string, log: Logger): RedisLink {
  const client = makeClient(url);
  const returned: (() => void)[] = [];
  let responsive = false;
  let everResponsive = false;

  const mark = (now: boolean, why: string) => {
    if (now === responsive) return;
    responsive = now;
    if (!now) log.warn({ link: name, why }, 'redis does not answer; hints are not sent until it does');
    if (now && everResponsive) {
      log.info({ link: name }, 'redis answers again');
      for (const heard of returned) heard();
    }
    everResponsive ||= now;
  };

  async function within<T>(work: Promise<T>): Promise<T | undefined> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<typeof tooLate>((resolve) => { timer = setTimeout(() => resolve(tooLate), limits.redisWaitMs); });
    try {
      const first = await Promise.race([work, late]);
      if (first !== tooLate) return first;
      mark(false, 'too slow');
    } catch (error) {
      if (!client.isReady) mark(false, error instanceof Error ? error.message : String(error));
      else log.warn({ link: name, err: error instanceof Error ? error.message : String(error) }, 'redis refused a command');
    } finally {
      clearTimeout(timer);
      // Whatever comes after we stopped waiting, good or bad, is nobody's business any more.
      work.catch(() => undefined);
    }
    return undefined;
  }

  const ping = async () => {
    if (!client.isReady) return mark(false, 'not connected');
    if ((await within(client.ping())) !== undefined) mark(true, '');
  };
  const timer = setInterval(() => void ping(), pingIntervalMs);
  client.on('ready', () => void ping());
  client.on('error', (error: Error) => {
    mark(false, error.message);
    log.debug({ link: name, err: error.message }, 'redis connection error');
  });
  client.connect().catch((error: unknown) => log.debug({ link: name, err: String(error) }, 'redis connection given up'));

  return {
    client,
    responsive: () => responsive,
    ask: async (args) => (responsive ? within(client.sendCommand([...args])) : undefined),
    within,
    onReturn: (heard) => void returned.push(heard),
    close: async () => {
      clearInterval(timer);
      if (client.isReady && responsive) await within(client.close());
      if (client.isOpen) client.destroy();
    },
  };
}

const tooLate = Symbol('too late');
