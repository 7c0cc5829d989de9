import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { CLIENTS, Family } from './family';
import { Reaper } from '../process/reaper';

/** Java of Lambda. The client is `Java.java`, compiled once for a gateway. */
export const java: Family = {
  isManaged: true,
  serves: (runtime) => runtime.startsWith('java'),
  async launch(fn, { folders: { code }, lead, reaper }) {
    return {
      command: 'java',
      args: [
        `-Xmx${Math.floor(fn.memoryMB * 0.85)}m`, '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xshare:auto',
        ...lead ? proxyProperties(lead.port) : [],
        '-cp', [await client(reaper), code, join(code, 'lib', '*')].join(delimiter), 'Java',
        ...lead ? [String(lead.port), ...lead.hosts] : [],
      ],
      environment: {},
    };
  },
  missing() {
    return spawnSync('javac', ['-version'], { stdio: 'ignore', env: process.env }).status === 0 ? undefined
      : 'needs Java, and there is no JDK here: install one of 17 or newer (`javac` and `java` on the PATH)';
  },
};

/** For clients that ask these instead of Java's `ProxySelector`, as the AWS SDK does. */
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
