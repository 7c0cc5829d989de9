import { createHash, createPrivateKey, generateKeyPairSync, KeyObject, randomBytes, sign, X509Certificate } from 'node:crypto';
import { chmodSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';

export interface Certificate {
  readonly key: string;
  readonly cert: string;
  /** Whom clients have to trust. */
  readonly ca: string;
  readonly caFile: string;
}

const DAY = 24 * 60 * 60 * 1000;
/** Clients of Apple take no longer ones. */
const SERVER_DAYS = 397;
const AUTHORITY_DAYS = 3650;
const RENEWAL_DAYS = 7;
const ADDRESSES = ['127.0.0.1', '::1'];

interface Pair {
  readonly key: KeyObject;
  readonly certificate: X509Certificate;
}

/**
 * A certificate for this machine, and for more DNS names, by an authority of its own. Both are kept in the folder, and made anew when they
 * cannot be read, or do not last for a week. Nothing is installed anywhere.
 */
export function certificate(folder: string, dnsNames: readonly string[] = [], now: number = Date.now()): Certificate {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const authority = keep(join(folder, 'authority.pem'), (pair) => lasts(pair, now) && pair.certificate.ca, () => makeAuthority(now));
    const ca = pem('CERTIFICATE', authority.certificate.raw);
    const caFile = join(folder, 'ca.pem');
    if (read(caFile) !== ca) { replace(caFile, ca); }

    const names = ['localhost', ...dnsNames];
    const server = keep(
      join(folder, 'server.pem'),
      (pair) => lasts(pair, now) && covers(pair.certificate, names) && isIssuedBy(pair.certificate, authority.certificate),
      () => makeServer(authority, names, now),
    );
    return { key: privatePem(server.key), cert: pem('CERTIFICATE', server.certificate.raw), ca, caFile };
  } catch (error) {
    throw new Error(`the certificate for \`wss://localhost\` cannot be kept in \`${folder}\`: ${(error as Error).message}; `
      + 'make the folder writable, or set `XDG_CACHE_HOME` to one that is');
  }
}

/** Key and certificate are one file, so that they always belong together. */
function keep(file: string, isGood: (pair: Pair) => boolean, make: () => string): Pair {
  const text = read(file);
  const kept = parse(text);
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
  // Another process may have been faster: there is one authority, whoever made it.
  const found = parse(read(file));
  return found && isGood(found) ? found : parse(made)!;
}

function parse(text: string | undefined): Pair | undefined {
  try {
    const pair = { key: createPrivateKey(text!), certificate: new X509Certificate(text!) };
    return pair.certificate.checkPrivateKey(pair.key) ? pair : undefined;
  } catch {
    return undefined;
  }
}

function lasts({ certificate: { validFrom, validTo } }: Pair, now: number): boolean {
  return Date.parse(validFrom) <= now && Date.parse(validTo) > now + RENEWAL_DAYS * DAY;
}

function covers({ subjectAltName = '' }: X509Certificate, names: readonly string[]): boolean {
  const covered = new Set(subjectAltName.split(', '));
  return names.every((name) => covered.has(`DNS:${name}`));
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

/** Never over what is there: who comes first has made it. */
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

function makeAuthority(now: number): string {
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = `cdk-websocket-api local gateway ${randomBytes(4).toString('hex')}`;
  const id = keyId(keys.publicKey);
  const der = x509({
    subject: name,
    issuer: name,
    publicKey: keys.publicKey,
    signer: keys.privateKey,
    now,
    days: AUTHORITY_DAYS,
    extensions: [
      extension(BASIC_CONSTRAINTS, sequence(TRUE, integer(Buffer.of(0))), true),
      // Signs certificates, and lists of those revoked.
      extension(KEY_USAGE, bits(1, 0b00000110), true),
      extension(SUBJECT_KEY_ID, tlv(0x04, id)),
      extension(AUTHORITY_KEY_ID, sequence(tlv(0x80, id))),
    ],
  });
  return privatePem(keys.privateKey) + pem('CERTIFICATE', der);
}

function makeServer(authority: Pair, dnsNames: readonly string[], now: number): string {
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const issuer = /^CN=(.*)$/m.exec(authority.certificate.subject)![1];
  const der = x509({
    subject: 'localhost',
    issuer,
    publicKey: keys.publicKey,
    signer: authority.key,
    now,
    days: SERVER_DAYS,
    extensions: [
      extension(BASIC_CONSTRAINTS, sequence(), true),
      // Signs handshakes.
      extension(KEY_USAGE, bits(7, 0b10000000), true),
      extension(EXTENDED_KEY_USAGE, sequence(oid(SERVER_AUTH))),
      extension(SUBJECT_KEY_ID, tlv(0x04, keyId(keys.publicKey))),
      extension(AUTHORITY_KEY_ID, sequence(tlv(0x80, keyId(authority.certificate.publicKey)))),
      extension(SUBJECT_ALT_NAME, sequence(
        ...dnsNames.map((name) => tlv(0x82, Buffer.from(name, 'ascii'))),
        ...ADDRESSES.map((address) => tlv(0x87, addressBytes(address))),
      )),
    ],
  });
  return privatePem(keys.privateKey) + pem('CERTIFICATE', der);
}

interface Content {
  readonly subject: string;
  readonly issuer: string;
  readonly publicKey: KeyObject;
  readonly signer: KeyObject;
  readonly now: number;
  readonly days: number;
  readonly extensions: readonly Buffer[];
}

/** RFC 5280, section 4.1. */
function x509({ subject, issuer, publicKey, signer, now, days, extensions }: Content): Buffer {
  const algorithm = sequence(oid(ECDSA_WITH_SHA256));
  const content = sequence(
    tlv(0xa0, integer(Buffer.of(2))),
    integer(Buffer.concat([Buffer.of(1), randomBytes(15)])),
    algorithm,
    distinguishedName(issuer),
    // An hour ago, for clocks that are behind.
    sequence(time(now - DAY / 24), time(now + days * DAY)),
    distinguishedName(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    tlv(0xa3, sequence(...extensions)),
  );
  return sequence(content, algorithm, tlv(0x03, Buffer.of(0), sign('sha256', content, signer)));
}

const ECDSA_WITH_SHA256 = [1, 2, 840, 10045, 4, 3, 2];
const COMMON_NAME = [2, 5, 4, 3];
const SUBJECT_KEY_ID = [2, 5, 29, 14];
const KEY_USAGE = [2, 5, 29, 15];
const SUBJECT_ALT_NAME = [2, 5, 29, 17];
const BASIC_CONSTRAINTS = [2, 5, 29, 19];
const AUTHORITY_KEY_ID = [2, 5, 29, 35];
const EXTENDED_KEY_USAGE = [2, 5, 29, 37];
const SERVER_AUTH = [1, 3, 6, 1, 5, 5, 7, 3, 1];
const TRUE = tlv(0x01, Buffer.of(0xff));

/** A tag, a length and a value: all that DER is. */
function tlv(tag: number, ...values: readonly Buffer[]): Buffer {
  const value = Buffer.concat(values);
  if (value.length < 0x80) { return Buffer.concat([Buffer.of(tag, value.length), value]); }
  const digits = value.length.toString(16);
  const length = Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex');
  return Buffer.concat([Buffer.of(tag, 0x80 + length.length), length, value]);
}

function sequence(...values: readonly Buffer[]): Buffer {
  return tlv(0x30, ...values);
}

function integer(bytes: Buffer): Buffer {
  return tlv(0x02, bytes);
}

function bits(unused: number, byte: number): Buffer {
  return tlv(0x03, Buffer.of(unused, byte));
}

function oid([first, second, ...rest]: readonly number[]): Buffer {
  const bytes = rest.flatMap((part) => {
    const septets = [part % 128];
    for (let left = Math.floor(part / 128); left > 0; left = Math.floor(left / 128)) { septets.unshift(128 + left % 128); }
    return septets;
  });
  return tlv(0x06, Buffer.of(first * 40 + second, ...bytes));
}

function extension(id: readonly number[], value: Buffer, critical = false): Buffer {
  return sequence(oid(id), ...critical ? [TRUE] : [], tlv(0x04, value));
}

function distinguishedName(commonName: string): Buffer {
  return sequence(tlv(0x31, sequence(oid(COMMON_NAME), tlv(0x0c, Buffer.from(commonName)))));
}

/** Two digits for the year until 2049, four from then on. */
function time(at: number): Buffer {
  const text = new Date(at).toISOString().replace(/[-:T]|\.\d+/g, '');
  return text < '2050' ? tlv(0x17, Buffer.from(text.slice(2))) : tlv(0x18, Buffer.from(text));
}

function keyId(publicKey: KeyObject): Buffer {
  // What follows the algorithm in the key's own encoding: one byte 4 and two coordinates of 32 bytes.
  return createHash('sha1').update(publicKey.export({ type: 'spki', format: 'der' }).subarray(-65)).digest();
}

function addressBytes(address: string): Buffer {
  return isIP(address) === 4 ? Buffer.from(address.split('.').map(Number)) : Buffer.concat([Buffer.alloc(15), Buffer.of(1)]);
}

function pem(label: string, der: Buffer): string {
  return `-----BEGIN ${label}-----\n${der.toString('base64').replace(/.{1,64}/g, '$&\n')}-----END ${label}-----\n`;
}

function privatePem(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }) as string;
}
