/** The bus between nodes, over Redis. Everything on it is a hint: late, lost or missing, nobody waits for it longer than the limit. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import { limits } from '../../shared/limits.ts';
import type { Bus } from '../ports.ts';
import { openLink } from './redisLink.ts';

const prefix = 'accord:';

// Expiry of one member of a key, by the clock of Redis, so that nodes with different clocks agree.
const putScript = `
local now = redis.call('TIME')
local until_ms = now[1] * 1000 + math.floor(now[2] / 1000) + tonumber(ARGV[3])
redis.call('HSET', KEYS[1], ARGV[1], string.format('%.0f', until_ms) .. ':' .. ARGV[2])
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[3]) then redis.call('PEXPIRE', KEYS[1], ARGV[3]) end
return 1`;
const listScript = `
local now = redis.call('TIME')
local now_ms = now[1] * 1000 + math.floor(now[2] / 1000)
local all = redis.call('HGETALL', KEYS[1])
local answer = {}
for i = 1, #all, 2 do
  local colon = string.find(all[i + 1], ':', 1, true)
  if tonumber(string.sub(all[i + 1], 1, colon - 1)) > now_ms then
    answer[#answer + 1] = all[i]
    answer[#answer + 1] = string.sub(all[i + 1], colon + 1)
  else
    redis.call('HDEL', KEYS[1], all[i])
  end
end
return answer`;

interface Channel {
  readonly listeners: Set<(message: Uint8Array) => void>;
  /** The one function the driver knows for this channel. */
  readonly deliver: (message: Buffer) => void;
  /** Set once Redis was asked; settles when it granted. The driver itself asks again after a reconnection. */
  asked: Promise<void> | undefined;
}

function newChannel(): Channel {
  const listeners: Channel['listeners'] = new Set();
  const deliver = (message: Buffer) => {
    const copy = Uint8Array.from(message);
    for (const heard of [...listeners]) heard(copy);
  };
  return { listeners, deliver, asked: undefined };
}

/** Connects in the background; resolves once connected, or after a moment without, since a service starts without Redis too. */
export async function redisBus(url: string, log: Logger): Promise<Bus> {
  const commands = openLink(url, 'commands', log);
  const messages = openLink(url, 'messages', log);
  const channels = new Map<string, Channel>();
  const reconnected: (() => void)[] = [];
  const tellReconnected = () => {
    for (const heard of reconnected) heard();
  };

  /** Asks Redis for the channel unless that was done already; a late grant is a reconnection, as messages may have been missed. */
  async function confirm(name: string, channel: Channel): Promise<void> {
    if (!channel.asked) {
      if (!messages.client.isReady) return;
      let late = false;
      channel.asked = messages.client.subscribe(prefix + name, channel.deliver, true).then(
        () => { if (late) tellReconnected(); },
        () => { channel.asked = undefined; },
      );
      await messages.within(channel.asked);
      late = true;
    } else await messages.within(channel.asked);
  }

  messages.onReturn(tellReconnected);
  messages.client.on('ready', () => {
    // The driver asks again for what was granted; what was never granted is asked for here.
    for (const [name, channel] of channels) void confirm(name, channel);
  });
  commands.onReturn(tellReconnected);

  const startDeadline = Date.now() + limits.redisStartMs;
  while (!(commands.responsive() && messages.responsive()) && Date.now() < startDeadline) await wait(10);
  if (!commands.responsive()) log.warn('redis cannot be reached; starting without it and trying on');

  return {
    get connected() {
      return commands.responsive() && messages.responsive();
    },
    publish(channel, message) {
      if (commands.responsive()) void commands.ask(['PUBLISH', prefix + channel, Buffer.from(message)]);
    },
    async subscribe(name, heard) {
      const channel = channels.get(name) ?? newChannel();
      channels.set(name, channel);
      const own = (message: Uint8Array) => heard(message);
      channel.listeners.add(own);
      await confirm(name, channel);
      return async () => {
        channel.listeners.delete(own);
        if (channel.listeners.size > 0 || channels.get(name) !== channel) return;
        channels.delete(name);
        if (messages.client.isReady) await messages.within(messages.client.unsubscribe(prefix + name, channel.deliver, true));
      };
    },
    onReconnect: (heard) => void reconnected.push(heard),
    async put(key, member, value, expiryMs) {
      await commands.ask(['EVAL', putScript, '1', prefix + key, member, Buffer.from(value), String(expiryMs)]);
    },
    async remove(key, member) {
      await commands.ask(['HDEL', prefix + key, member]);
    },
    async list(key) {
      const flat = ((await commands.ask(['EVAL', listScript, '1', prefix + key])) ?? []) as Buffer[];
      const found = new Map<string, Uint8Array>();
      for (let index = 0; index + 1 < flat.length; index += 2) {
        found.set(String(flat[index]), Uint8Array.from(flat[index + 1] ?? []));
      }
      return found;
    },
    async close() {
      channels.clear();
      await Promise.all([commands.close(), messages.close()]);
    },
  };
}
