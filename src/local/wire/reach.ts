import { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import { isLocal } from './address';

const LOOPBACK = ['127.0.0.1', '::1'];
/** What containers call the machine that they run on. */
const NAMES_IN_CONTAINERS = ['host.docker.internal', 'host.containers.internal'];

/** Which addresses the gateway listens at: loopback always, and another one only if the developer asks for it. */
export function listeningAddresses(host: string | undefined): string[] {
  switch (host) {
    case undefined: return LOOPBACK;
    // Each of these holds a loopback address that cannot be taken a second time.
    case '0.0.0.0': return ['0.0.0.0', '::1'];
    case '::': return ['::'];
    default: return [...new Set([...LOOPBACK, host])];
  }
}

/** The addresses by which other devices reach the gateway. */
export function reachableAddresses(host: string | undefined): string[] {
  switch (host) {
    case undefined: case '127.0.0.1': case '::1': return [];
    case '0.0.0.0': return ownAddresses().filter((address) => isIP(address) === 4);
    case '::': return ownAddresses();
    default: return [host];
  }
}

/**
 * Whether a `Host` header names this machine, if other devices can reach it. Nobody can make an address, or one of these names, resolve to
 * this machine from elsewhere. So a website cannot get here by changing what its own name resolves to.
 */
export function isNameOfThisMachine(name: string): boolean {
  const machine = hostname().toLowerCase();
  return isIP(withoutBrackets(name)) !== 0 || [machine, `${machine}.local`, ...NAMES_IN_CONTAINERS].includes(name);
}

export function isAddressOfThisMachine(host: string): boolean {
  return ownAddresses().includes(withoutBrackets(host));
}

/** The form for a URL. */
export function inUrl(address: string): string {
  return isIP(address) === 6 ? `[${address}]` : address;
}

/** @throws Error if it is not an IP address */
export function checkHost(option: string, host: string) {
  if (isIP(host) === 0) {
    throw new Error(`\`${option}\` is \`${JSON.stringify(host)}\`, which is not an IP address: write one of this machine, or \`0.0.0.0\` for all of them`);
  }
}

/** Link-local addresses are left out: they need a zone, which URLs do not have. */
function ownAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
    .filter(({ internal, address }) => !internal && !/^fe[89ab]/i.test(address)).map(({ address }) => address);
}

function withoutBrackets(name: string): string {
  return name.replace(/^\[(.*)\]$/, '$1');
}

/** Another device can send any `Host`, so the address of the client counts too. */
export function isFromThisMachine({ headers, socket }: IncomingMessage): boolean {
  const address = (socket.remoteAddress ?? '').replace(/^::ffff:/, '');
  return isLocal((headers.host ?? '').replace(/:\d+$/, '')) && (address === '::1' || (address !== '' && isLocal(address)));
}
