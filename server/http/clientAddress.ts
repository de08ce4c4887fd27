/** From which address a request comes: the other end of the line, or whom a trusted proxy says that it speaks for. */
import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';

export type AddressOf = (request: IncomingMessage) => string;

/**
 * `ranges` are "address/bits" of the proxies that are believed. What anybody else says of themselves (`X-Forwarded-For`) is not read;
 * of a chain the last believed word counts.
 */
export function addressReader(ranges: readonly string[]): AddressOf {
  const trusted = new BlockList();
  for (const range of ranges) {
    const [address = '', bits = ''] = range.split('/');
    trusted.addSubnet(address, Number(bits), familyOf(address));
  }
  return (request) => {
    const said = String(request.headers['x-forwarded-for'] ?? '').split(',').map((part) => plain(part.trim()));
    let address = plain(request.socket.remoteAddress ?? '');
    for (let next = said.pop(); next !== undefined && isIP(next) !== 0 && isIP(address) !== 0 && trusted.check(address, familyOf(address)); next = said.pop()) address = next;
    return address;
  };
}

/** Whether a program on this computer asks, for itself: nobody's proxy, and no page whose name was made to lead here. */
export function isFromHere(request: IncomingMessage): boolean {
  const { 'x-forwarded-for': forwardedFor, 'x-real-ip': realIp, forwarded, via, host = '' } = request.headers;
  const address = plain(request.socket.remoteAddress ?? '');
  return (address === '::1' || address.startsWith('127.')) && localName.test(host) && [forwardedFor, realIp, forwarded, via].every((header) => header === undefined);
}
const localName = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/;

const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 6 ? 'ipv6' : 'ipv4');
/** An IPv4 address as IPv4, however a socket for both kinds spells it. */
const plain = (address: string): string => (/^::ffff:\d+\.\d+\.\d+\.\d+$/i.test(address) ? address.slice('::ffff:'.length) : address);
