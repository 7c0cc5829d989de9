import { isLocal, matchesDomain } from '../address';
import { isAddressOfThisMachine } from '../reach';

/** Which pages may open a WebSocket. Programs send no `Origin`, and none of this applies to them. */
export interface OriginRules {
  /** Origins that the developer allows, such as `https://app.example.com`; `*` allows every one. */
  readonly allowed: readonly string[];
  /** The custom domains of the app. A wildcard matches one label. */
  readonly domains: readonly string[];
  /** Other devices can reach the gateway, so pages that this machine serves to them may connect too. */
  readonly reachable: boolean;
}

/** A scheme, a host and maybe a port; `null` is what browsers send for files and sandboxed frames. */
const ORIGIN = /^(\*|null|[a-z][a-z\d+.-]*:\/\/[^/?#@\s]*)$/i;

/**
 * API Gateway accepts every origin. Here, any website that the developer visits could then talk to the handlers on this machine.
 *
 * @param origin the header `Origin`, if the client sent one
 */
export function mayConnectFrom(origin: string | undefined, { allowed, domains, reachable }: OriginRules): boolean {
  if (origin === undefined || allowed.includes('*') || allowed.some((one) => one.toLowerCase() === origin.toLowerCase())) { return true; }
  const host = hostOf(origin);
  return host !== '' && (isLocal(host) || domains.some((domain) => matchesDomain(domain, host)) || (reachable && isAddressOfThisMachine(host)));
}

/** What to do about a page that was refused, for the developer. */
export function reasonForOrigin(origin: string): string {
  const shown = origin.slice(0, 200);
  const refused = `the page has the origin ${JSON.stringify(shown)}, but only pages of this machine and of the app's domains may connect: `;
  // Every sandboxed frame of every site has it, too.
  if (shown === 'null' || shown.startsWith('file:')) { return `${refused}serve the file from \`localhost\`, with \`npx serve\` for instance`; }
  return refused
    + `to allow it, start with \`--allow-origin ${ORIGIN.test(shown) ? shown : '<origin>'}\` (\`allowedOrigins\` of \`startLocalGateway\`)`;
}

/** @throws Error if a value is not an origin */
export function checkOrigins(option: string, origins: readonly string[]) {
  const wrong = origins.find((origin) => typeof origin !== 'string' || !ORIGIN.test(origin));
  if (wrong !== undefined) {
    throw new Error(`\`${option}\` has \`${JSON.stringify(wrong)}\`, which is not an origin: write scheme and host, such as \`https://app.example.com\`, or \`*\` for every origin`);
  }
}

function hostOf(origin: string): string {
  try {
    return new URL(origin).hostname.toLowerCase();
  } catch {
    return '';
  }
}
