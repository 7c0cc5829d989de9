import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CannotBeReplayed, Credentials } from './place';
import { RemoteDescription, RemotePlace } from './remote-place';
import { GatewayEvent } from '../../../../src/local';

export interface UrlDescription extends RemoteDescription {
  readonly credentials: Credentials;
  /** By the ids of roles. */
  readonly roles: { readonly [role: string]: Credentials };
  /** The files that have the output of the gateway, and of the HTTP server that it calls. */
  readonly logs: readonly string[];
}

/** A gateway on this machine that somebody else started; its output is in a file. */
export class UrlPlace extends RemotePlace {
  public readonly addresses = /^(127\.0\.0\.1|::1)$/;

  constructor(private readonly url: UrlDescription) {
    super(url, { settleMillis: 500, patienceMillis: 20_000, pollMillis: 20 });
  }

  public async credentials() {
    return this.url.credentials;
  }

  public async credentialsOf(role: string) {
    const credentials = this.url.roles[role];
    if (!credentials) { throw new CannotBeReplayed(`there are no credentials of the role ${role}`); }
    return credentials;
  }

  /** Its functions can read the files of this machine. */
  public gate() {
    const gate = join(mkdtempSync(join(tmpdir(), 'gate-')), 'gate');
    return { message: { gate }, open: () => writeFileSync(gate, 'open') };
  }

  protected async readLog() {
    return this.events().flatMap((event) => (event.type === 'function-log' ? [event.text] : []));
  }

  protected async readAccessLog() {
    return this.events().flatMap((event) => (event.type === 'access-log' ? [event.line] : []));
  }

  /** The last line may be half written. */
  private events(): GatewayEvent[] {
    const lines = this.url.logs.flatMap((log) => readFileSync(log, 'utf8').split('\n').slice(0, -1));
    return lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
  }
}
