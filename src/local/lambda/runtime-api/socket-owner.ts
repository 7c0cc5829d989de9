import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { Socket } from 'node:net';

/**
 * Whether a process of this group or session holds the other end of a loopback connection. Only Linux tells, in `/proc`. Processes of the
 * same user can still read each other's memory: see `docs/local-gateway.md`.
 */
export function isOwnedBy(group: number, { remotePort, localPort }: Pick<Socket, 'remotePort' | 'localPort'>): 'yes' | 'no' | 'unknown' {
  if (process.platform !== 'linux') { return 'unknown'; }
  const tables = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((path) => attempt(() => readFileSync(path, 'latin1')) ?? []);
  if (tables.length === 0) { return 'unknown'; }
  // Columns: number, local address, remote address, state, queues, timer, retransmits, user, timeout, inode.
  const row = new RegExp(`^ *\\d+: [\\dA-F]+:${hex(remotePort)} [\\dA-F]+:${hex(localPort)} .. \\S+ \\S+ \\S+ +\\d+ +\\d+ (\\d+) `, 'm');
  const inode = tables.map((table) => row.exec(table)?.[1]).find((found) => found !== undefined);
  // A socket without an inode is closed already.
  if (inode === undefined || inode === '0') { return 'no'; }
  const name = `socket:[${inode}]`;
  if (holds(String(group), name)) { return 'yes'; }
  const others = readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && pid !== String(group) && isIn(group, pid));
  return others.some((pid) => holds(pid, name)) ? 'yes' : 'no';
}

function holds(pid: string, name: string): boolean {
  const folder = `/proc/${pid}/fd`;
  return attempt(() => readdirSync(folder))?.some((fd) => attempt(() => readlinkSync(`${folder}/${fd}`)) === name) ?? false;
}

/** A child that leaves the group stays in the session, unless it starts a new one. */
function isIn(group: number, pid: string): boolean {
  const [, processGroup, session] = /\) \w -?\d+ (-?\d+) (-?\d+) /.exec(attempt(() => readFileSync(`/proc/${pid}/stat`, 'latin1')) ?? '') ?? [];
  return processGroup === String(group) || session === String(group);
}

function hex(port: number | undefined): string {
  return (port ?? 0).toString(16).toUpperCase().padStart(4, '0');
}

/** Processes and their files may be gone at any time. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
