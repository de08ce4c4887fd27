/** Reads which proxies may say for whom they speak: addresses, ranges of addresses, and three names for ranges that everybody knows. */
import { isIP } from 'node:net';

const names: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.0/8', '::1/128'],
  linklocal: ['169.254.0.0/16', 'fe80::/10'],
  uniquelocal: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
};

/** The ranges that "10.0.0.5, uniquelocal" names, each as "address/bits"; undefined when a part is none. */
export function proxyRanges(text: string): readonly string[] | undefined {
  const parts = text.split(',').map((part) => part.trim()).filter((part) => part !== '');
  const ranges = parts.map((part) => (Object.hasOwn(names, part) ? names[part] : rangeOf(part)));
  return ranges.some((range) => range === undefined) ? undefined : ranges.flatMap((range) => range ?? []);
}

function rangeOf(part: string): readonly string[] | undefined {
  const [address = '', bits, ...rest] = part.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return undefined;
  const most = family === 4 ? 32 : 128;
  if (bits === undefined) return [`${address}/${most}`];
  return /^\d{1,3}$/.test(bits) && Number(bits) <= most ? [`${address}/${bits}`] : undefined;
}
