import { readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates, SecureContext } from 'node:tls';
import { AssemblyCertificate, Certificate, certificate } from './certificate';

/** The gateway's certificates, and the files with which functions trust them. */
export class Trust {
  /** Of `localhost`, for clients outside of functions. */
  public readonly local: Certificate = certificate(join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'cdk-websocket-api'));
  private readonly extraFile: string;
  private readonly bundleFile: string;
  private assembly?: AssemblyCertificate;

  /** @param extraFile more authorities that functions trust: what the user has in `NODE_EXTRA_CA_CERTS` */
  constructor(folder: string, private readonly userFile: string | undefined) {
    this.extraFile = join(folder, 'extra.pem');
    this.bundleFile = join(folder, 'ca.pem');
    this.write();
  }

  /** Makes a certificate for these hosts, unless there is one. Functions that run already do not trust it. */
  public cover(hosts: readonly string[]) {
    const names = [...hosts].sort();
    if (names.length === 0 || this.assembly?.dnsNames.join() === names.join()) { return; }
    this.assembly = new AssemblyCertificate(names);
    this.write();
  }

  /** The certificate for a host of the assembly; undefined for other names. */
  public contextFor(name: string): SecureContext | undefined {
    return this.assembly?.covers(name) ? this.assembly.context : undefined;
  }

  public variables(): Record<string, string> {
    return {
      NODE_EXTRA_CA_CERTS: this.extraFile,
      AWS_CA_BUNDLE: this.bundleFile,
      REQUESTS_CA_BUNDLE: this.bundleFile,
      SSL_CERT_FILE: this.bundleFile,
    };
  }

  private write() {
    const extra = [this.local.ca, ...this.assembly ? [this.assembly.ca] : [], ...read(this.userFile)];
    writeFileSync(this.extraFile, extra.join('\n'));
    // Tools that are given a file of authorities trust no others.
    writeFileSync(this.bundleFile, [...rootCertificates, ...extra].join('\n'));
  }
}

function read(file: string | undefined): string[] {
  try {
    return file === undefined ? [] : [readFileSync(file, 'utf8')];
  } catch {
    // Node.js warns of that itself, and goes on.
    return [];
  }
}
