import { randomBytes, X509Certificate } from 'node:crypto';
import { chmodSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSecureContext, SecureContext } from 'node:tls';
import { DAY, makeAuthority, makeServer, Pair, parsePair, pem, privatePem } from './x509';

export interface Certificate {
  readonly key: string;
  readonly cert: string;
  /** The authority that clients have to trust. */
  readonly ca: string;
  readonly caFile: string;
}

/** How long an authority, and what it signs, is valid. */
const DAYS = 30;
const RENEWAL_DAYS = 7;

/**
 * A certificate for `localhost` and loopback, by an authority that can sign nothing else. Both are kept in the folder, and renewed if they
 * cannot be read or end within a week. Nothing is installed anywhere.
 */
export function certificate(folder: string, now: number = Date.now()): Certificate {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const authority = keep(join(folder, 'authority.pem'), (pair) => isAuthority(pair, now), () => makeAuthority(['localhost'], DAYS, now));
    const ca = pem('CERTIFICATE', authority.certificate.raw);
    const caFile = join(folder, 'ca.pem');
    if (read(caFile) !== ca) { replace(caFile, ca); }

    const server = keep(
      join(folder, 'server.pem'),
      (pair) => lasts(pair, now) && isIssuedBy(pair.certificate, authority.certificate),
      () => makeServer(authority, ['localhost'], DAYS, now),
    );
    return { key: privatePem(server.key), cert: pem('CERTIFICATE', server.certificate.raw), ca, caFile };
  } catch (error) {
    throw new Error(`the certificate for \`wss://localhost\` cannot be kept in \`${folder}\`: ${(error as Error).message}; `
      + 'make the folder writable, or set `XDG_CACHE_HOME` to one that is');
  }
}

/** A certificate for the hosts of an assembly, by an authority of this process alone. Its key is never written anywhere. */
export class AssemblyCertificate {
  /** The authority that functions have to trust. */
  public readonly ca: string;
  public readonly context: SecureContext;

  constructor(public readonly dnsNames: readonly string[], now: number = Date.now()) {
    const authority = parsePair(makeAuthority(dnsNames.map((name) => name.replace(/^\*\./, '')), DAYS, now))!;
    const server = makeServer(authority, dnsNames, DAYS, now);
    this.ca = pem('CERTIFICATE', authority.certificate.raw);
    this.context = createSecureContext({ key: server, cert: server });
  }

  public covers(name: string): boolean {
    return this.dnsNames.some((one) => (one.startsWith('*.') ? name.slice(name.indexOf('.')) === one.slice(1) : name === one));
  }
}

/** Key and certificate share a file, so that they always belong together. */
function keep(file: string, isGood: (pair: Pair) => boolean, make: () => string): Pair {
  const text = read(file);
  const kept = parsePair(text);
  if (kept && isGood(kept)) {
    chmodSync(file, 0o600);
    return kept;
  }
  const made = make();
  if (text === undefined) {
    create(file, made);
  } else {
    replace(file, made);
  }
  // Another process may have been faster. Its authority counts then, so that there is only one.
  const found = parsePair(read(file));
  return found && isGood(found) ? found : parsePair(made)!;
}

function lasts({ certificate: { validFrom, validTo } }: Pair, now: number): boolean {
  return Date.parse(validFrom) <= now && Date.parse(validTo) > now + RENEWAL_DAYS * DAY;
}

/** One that an earlier version made was valid for ten years, and could sign any name. */
function isAuthority(pair: Pair, now: number): boolean {
  return lasts(pair, now) && pair.certificate.ca && Date.parse(pair.certificate.validTo) <= now + (DAYS + 1) * DAY;
}

function isIssuedBy(issued: X509Certificate, issuer: X509Certificate): boolean {
  return issued.checkIssued(issuer) && issued.verify(issuer.publicKey);
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** Never overwrites: the first process to get here wins. */
function create(file: string, text: string) {
  const temporary = writeTemporary(file, text);
  try {
    linkSync(temporary, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') { throw error; }
  } finally {
    rmSync(temporary);
  }
}

function replace(file: string, text: string) {
  const temporary = writeTemporary(file, text);
  try {
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary);
    throw error;
  }
}

function writeTemporary(file: string, text: string): string {
  const temporary = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  writeFileSync(temporary, text, { mode: 0o600, flag: 'wx' });
  return temporary;
}

