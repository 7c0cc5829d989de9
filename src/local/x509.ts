import { createHash, createPrivateKey, generateKeyPairSync, KeyObject, randomBytes, sign, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';

export const DAY = 24 * 60 * 60 * 1000;
const ADDRESSES = ['127.0.0.1', '::1'];
/** All of `127.0.0.0/8`, and `::1`: an address and its mask. */
const LOOPBACK = [Buffer.of(127, 0, 0, 0, 255, 0, 0, 0), Buffer.concat([addressBytes('::1'), Buffer.alloc(16, 0xff)])];

export interface Pair {
  readonly key: KeyObject;
  readonly certificate: X509Certificate;
}

/** Undefined for anything but a key and its certificate in PEM. */
export function parsePair(text: string | undefined): Pair | undefined {
  try {
    const pair = { key: createPrivateKey(text!), certificate: new X509Certificate(text!) };
    return pair.certificate.checkPrivateKey(pair.key) ? pair : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Key and certificate, in PEM, of an authority that may sign only these names, the names below them, and loopback addresses.
 */
export function makeAuthority(dnsNames: readonly string[], days: number, now: number): string {
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = `cdk-websocket-api local gateway ${randomBytes(4).toString('hex')}`;
  const id = keyId(keys.publicKey);
  const der = x509({
    subject: name,
    issuer: name,
    publicKey: keys.publicKey,
    signer: keys.privateKey,
    now,
    days,
    extensions: [
      criticalExtension(BASIC_CONSTRAINTS, sequence(TRUE, integer(Buffer.of(0)))),
      criticalExtension(NAME_CONSTRAINTS, sequence(tlv(0xa0, ...[
        ...dnsNames.map((one) => tlv(0x82, Buffer.from(one, 'ascii'))),
        ...LOOPBACK.map((range) => tlv(0x87, range)),
      ].map((one) => sequence(one))))),
      // Signs certificates, and lists of those that are revoked.
      criticalExtension(KEY_USAGE, bits(1, 0b00000110)),
      extension(SUBJECT_KEY_ID, tlv(0x04, id)),
      extension(AUTHORITY_KEY_ID, sequence(tlv(0x80, id))),
    ],
  });
  return privatePem(keys.privateKey) + pem('CERTIFICATE', der);
}

/** Key and certificate in PEM, of a server with these names, and loopback. */
export function makeServer(authority: Pair, dnsNames: readonly string[], days: number, now: number): string {
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const issuer = /^CN=(.*)$/m.exec(authority.certificate.subject)![1];
  const der = x509({
    subject: dnsNames[0].slice(0, MAX_COMMON_NAME),
    issuer,
    publicKey: keys.publicKey,
    signer: authority.key,
    now,
    days,
    extensions: [
      criticalExtension(BASIC_CONSTRAINTS, sequence()),
      // Signs handshakes.
      criticalExtension(KEY_USAGE, bits(7, 0b10000000)),
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
    // From an hour ago, for clocks that are slow.
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
const NAME_CONSTRAINTS = [2, 5, 29, 30];
/** RFC 5280, appendix A.1. */
const MAX_COMMON_NAME = 64;
const BASIC_CONSTRAINTS = [2, 5, 29, 19];
const AUTHORITY_KEY_ID = [2, 5, 29, 35];
const EXTENDED_KEY_USAGE = [2, 5, 29, 37];
const SERVER_AUTH = [1, 3, 6, 1, 5, 5, 7, 3, 1];
const TRUE = tlv(0x01, Buffer.of(0xff));

/** A tag, a length and a value: DER has nothing else. */
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

function extension(id: readonly number[], value: Buffer): Buffer {
  return sequence(oid(id), tlv(0x04, value));
}

/** Who does not understand it must refuse the certificate. */
function criticalExtension(id: readonly number[], value: Buffer): Buffer {
  return sequence(oid(id), TRUE, tlv(0x04, value));
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
  // The end of the key's own encoding: a byte 4 and two coordinates of 32 bytes each.
  return createHash('sha1').update(publicKey.export({ type: 'spki', format: 'der' }).subarray(-65)).digest();
}

function addressBytes(address: string): Buffer {
  return isIP(address) === 4 ? Buffer.from(address.split('.').map(Number)) : Buffer.concat([Buffer.alloc(15), Buffer.of(1)]);
}

export function pem(label: string, der: Buffer): string {
  return `-----BEGIN ${label}-----\n${der.toString('base64').replace(/.{1,64}/g, '$&\n')}-----END ${label}-----\n`;
}

export function privatePem(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }) as string;
}
