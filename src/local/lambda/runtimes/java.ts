import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { CLIENTS, Family, versionOf } from './family';
import { Reaper } from '../process/reaper';

/** Java of Lambda. The client is `Java.java`, compiled once for a gateway. */
export const java: Family = {
  isManaged: true,
  serves: (runtime) => runtime.startsWith('java'),
  inspection: { by: 'a Java debugger (JDWP)', firstPort: 5005 },
  async launch(fn, { folders: { code }, lead, inspectPort, reaper }) {
    return {
      command: 'java',
      args: [
        `-Xmx${Math.floor(fn.memoryMB * 0.85)}m`, '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xshare:auto',
        ...inspectPort === undefined ? [] : [`-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,quiet=y,address=127.0.0.1:${inspectPort}`],
        ...lead ? proxyProperties(lead.port) : [],
        '-cp', [await client(reaper), code, join(code, 'lib', '*')].join(delimiter), 'Java',
        ...lead ? [String(lead.port), ...lead.hosts] : [],
      ],
      environment: {},
    };
  },
  missing() {
    return versionHere() !== undefined ? undefined
      : 'needs Java, and there is no JDK here: install one of 17 or newer (`javac` and `java` on the PATH)';
  },
  note(fn) {
    const version = versionHere();
    return version === undefined || version === versionOf(fn) ? undefined : `Java ${version} (${versionOf(fn)} in Lambda)`;
  },
};

const versions = new Map<string | undefined, string | undefined>();

/** `21` of `javac 21.0.2`; undefined if there is no JDK. */
function versionHere(): string | undefined {
  const { PATH } = process.env;
  if (!versions.has(PATH)) {
    // Before version 9, a JDK prints its version to stderr.
    const { status, stdout, stderr } = spawnSync('javac', ['-version'], { encoding: 'utf8', env: process.env });
    versions.set(PATH, status === 0 ? /\d+/.exec(stdout + stderr)?.[0] : undefined);
  }
  return versions.get(PATH);
}

/** System properties for clients that do not ask Java's `ProxySelector`, such as the AWS SDK. */
function proxyProperties(port: number): string[] {
  return ['-Dhttps.proxyHost=127.0.0.1', `-Dhttps.proxyPort=${port}`, '-Dhttp.nonProxyHosts=localhost|127.*|[::1]'];
}

const clients = new WeakMap<Reaper, Promise<string>>();

/** The folder of the compiled client, which is removed with the gateway. */
function client(reaper: Reaper): Promise<string> {
  const known = clients.get(reaper);
  if (known) { return known; }
  const folder = mkdtempSync(join(tmpdir(), 'cdk-websocket-api-java-'));
  reaper.addFolder(folder);
  const compiled = promisify(execFile)('javac', ['-d', folder, join(CLIENTS, 'Java.java')]).then(() => folder);
  clients.set(reaper, compiled);
  return compiled;
}
