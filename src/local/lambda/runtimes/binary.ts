import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';

/** How many compiled files of a function are looked at. */
const MAX_FILES = 200;

export const PLATFORM_HERE = `${process.platform} ${process.arch}`;

/** The platform that a binary is for. Undefined for scripts, and for formats that its first bytes do not tell. */
export function platformOf(path: string): string | undefined {
  const head = Buffer.alloc(20);
  const file = openSync(path, 'r');
  readSync(file, head);
  closeSync(file);
  if (head.readUInt32BE(0) === 0x7f454c46) {
    const machine = head.readUInt16LE(18);
    return `linux ${machine === 0x3e ? 'x64' : machine === 0xb7 ? 'arm64' : `machine ${machine}`}`;
  }
  if (head.readUInt32LE(0) === 0xfeedfacf) { return `darwin ${head.readUInt32LE(4) === 0x0100000c ? 'arm64' : 'x64'}`; }
  return head.toString('latin1', 0, 2) === 'MZ' ? 'win32 x64' : undefined;
}

/** By the machine in the header: also of what is compiled ahead for Linux. */
const PROCESSORS = new Map([[0x8664, 'x64'], [0xfd1d, 'x64'], [0xaa64, 'arm64'], [0xd11d, 'arm64']]);

/** The processor that an assembly of .NET is for. Undefined if it runs on each. */
export function processorOf(path: string): string | undefined {
  const head = Buffer.alloc(1024);
  const file = openSync(path, 'r');
  readSync(file, head);
  closeSync(file);
  const at = head.toString('latin1', 0, 2) === 'MZ' ? head.readUInt32LE(0x3c) : head.length;
  return at + 6 > head.length ? undefined : PROCESSORS.get(head.readUInt16LE(at + 4));
}

/** Some compiled files below a folder, relative to it: enough to see their platform. */
export function compiledFilesIn(folder: string, extension: RegExp, below = '', found: string[] = []): string[] {
  for (const entry of readdirSync(join(folder, below), { withFileTypes: true })) {
    if (found.length >= MAX_FILES) { break; }
    const path = join(below, entry.name);
    if (entry.isDirectory()) {
      compiledFilesIn(folder, extension, path, found);
    } else if (entry.isFile() && extension.test(entry.name)) {
      found.push(path);
    }
  }
  return found;
}

/** A compiled file that does not load here, and the platform that it is for. */
export function foreignFile(folder: string, files: readonly string[]): { readonly file: string; readonly platform: string } | undefined {
  for (const file of files) {
    const platform = platformOf(join(folder, file));
    if (platform !== undefined && platform !== PLATFORM_HERE) { return { file, platform }; }
  }
  return undefined;
}
