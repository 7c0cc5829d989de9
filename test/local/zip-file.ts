import { crc32 } from 'node:zlib';

export interface ZippedFile {
  readonly name: string;
  readonly contents?: string;
  /** With its type, as Unix has it. */
  readonly mode?: number;
  /** What the directory of the zip file says of the length. */
  readonly claimedLength?: number;
}

/** A zip file, as tools on Unix write it, with nothing compressed. */
export function zipFile(files: readonly ZippedFile[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, contents = '', mode = 0o100644, claimedLength } of files) {
    const data = Buffer.from(contents);
    const path = Buffer.from(name);
    const sizes = (length: number) => integers([crc32(data), 4], [length, 4], [length, 4], [path.length, 2], [0, 2]);
    const local = Buffer.concat([integers([0x04034b50, 4], [20, 2], [0, 2], [0, 2], [0, 4]), sizes(data.length), path, data]);
    directory.push(
      integers([0x02014b50, 4], [0x0314, 2], [20, 2], [0, 2], [0, 2], [0, 4]),
      sizes(claimedLength ?? data.length),
      integers([0, 2], [0, 2], [0, 2], [mode * 0x10000, 4], [offset, 4]),
      path,
    );
    parts.push(local);
    offset += local.length;
  }
  const entries = Buffer.concat(directory);
  return Buffer.concat([
    ...parts,
    entries,
    integers([0x06054b50, 4], [0, 2], [0, 2], [files.length, 2], [files.length, 2], [entries.length, 4], [offset, 4], [0, 2]),
  ]);
}

function integers(...values: Array<[value: number, bytes: number]>): Buffer {
  return Buffer.concat(values.map(([value, bytes]) => {
    const buffer = Buffer.alloc(bytes);
    buffer.writeUIntLE(value, 0, bytes);
    return buffer;
  }));
}
