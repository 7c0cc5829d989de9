import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { sourceProject } from '../source-project';

/** A type to write. */
export interface Type {
  /** With its namespace: `Chat.Say`. Of a type in another type, its own name. */
  readonly name: string;
  /** What it extends: the name of a type of the same assembly, or one of `FOREIGN`. */
  readonly extends?: string;
  /** Names and whether they are public, in this order. */
  readonly methods?: ReadonlyArray<readonly [name: string, isPublic: boolean]>;
}

/** What a type may extend that is not in its assembly. The last is generic. */
export const FOREIGN = ['System.Object', 'Library.Base', 'Object', 'Library.Generic<int>'] as const;

/** How an assembly is written. None of it changes what it says. */
export interface Form {
  /** For 64 bits: its optional header has another size. */
  readonly is64?: boolean;
  /** A flag for each kind of heap that is wide: 1 for strings, 2 for GUIDs, 4 for blobs. */
  readonly wideHeaps?: number;
  /** By table, how many rows there are at least. */
  readonly rows?: { readonly [table: number]: number };
  /** The version of the runtime, which says how long a header is. */
  readonly version?: string;
}

const [MODULE, TYPE_REF, TYPE_DEF, FIELD, METHOD, PARAM, TYPE_SPEC, ASSEMBLY, ASSEMBLY_REF] = [0, 1, 2, 4, 6, 8, 27, 32, 35];
const SECTION = 0x200;
const [CODE_ADDRESS, METADATA_ADDRESS] = [0x2000, 0x4000];

function bytesOf(...values: Array<[value: number, size: number]>): Buffer {
  return Buffer.concat(values.map(([value, size]) => {
    const bytes = Buffer.alloc(size);
    bytes.writeUIntLE(value, 0, size);
    return bytes;
  }));
}

function padded(bytes: Buffer, size: number): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((size - bytes.length % size) % size)]);
}

/** An assembly, as a compiler writes it, with rows that do not count before those that do. */
export function assemblyFile(types: Type[], form: Form = {}): Buffer {
  return portableExecutable(metadataOf(types, form), form);
}

function metadataOf(types: Type[], { wideHeaps = 0, rows: wanted = {}, version = 'v4.0.30319' }: Form): Buffer {
  let texts = Buffer.from('\0');
  const places = new Map([['', 0]]);
  const text = (value: string) => {
    if (!places.has(value)) {
      places.set(value, texts.length);
      texts = Buffer.concat([texts, Buffer.from(`${value}\0`)]);
    }
    return places.get(value)!;
  };
  const methods = types.flatMap((one) => one.methods ?? []);
  const least: { [table: number]: number } = {
    [MODULE]: 1,
    [TYPE_REF]: 3,
    [TYPE_DEF]: types.length,
    [FIELD]: 2,
    [METHOD]: methods.length,
    [PARAM]: 1,
    [TYPE_SPEC]: 1,
    [ASSEMBLY]: 1,
    [ASSEMBLY_REF]: 1,
  };
  const tables = Array.from({ length: 64 }, (_, table) => Math.max(least[table] ?? 0, wanted[table] ?? 0));
  const heap = (flag: number) => (Math.floor(wideHeaps / flag) % 2 === 1 ? 4 : 2);
  const [string, guid, blob] = [1, 2, 4].map(heap);
  const index = (table: number) => (tables[table] < 65536 ? 2 : 4);
  const coded = (...all: number[]) => (all.every((table) => tables[table] < 16384) ? 2 : 4);
  const [scope, base] = [coded(0, 26, ASSEMBLY_REF, TYPE_REF), coded(TYPE_DEF, TYPE_REF, TYPE_SPEC)];

  const split = (name: string) => [name.replace(/^.*\./, ''), name.includes('.') ? name.replace(/\.[^.]*$/, '') : ''];
  const baseOf = (name: string | undefined) => {
    if (name === undefined) { return 0; }
    const foreign = FOREIGN.indexOf(name as typeof FOREIGN[number]);
    if (foreign === 3) { return 4 + 2; }
    return foreign < 0 ? (types.findIndex((one) => one.name === name) + 1) * 4 : (foreign + 1) * 4 + 1;
  };
  /** Rows, and behind them those of which there are to be more. */
  const written = (table: number, row: Array<[number, number]>[]) => {
    const own = Buffer.concat(row.map((columns) => bytesOf(...columns)));
    const size = own.length / row.length;
    return row.length === 0 ? own : Buffer.concat([own, Buffer.alloc((tables[table] - row.length) * size)]);
  };
  let first = 1;
  const found = [
    written(MODULE, [[[0, 2], [text('Chat.dll'), string], [1, guid], [0, guid], [0, guid]]]),
    written(TYPE_REF, FOREIGN.slice(0, 3).map((name) => {
      const [own, namespace] = split(name);
      return [[6, scope], [text(own), string], [text(namespace), string]];
    })),
    written(TYPE_DEF, types.map((one) => {
      const [own, namespace] = split(one.name);
      const at = first;
      first += one.methods?.length ?? 0;
      return [[1, 4], [text(own), string], [text(namespace), string], [baseOf(one.extends), base], [1, index(FIELD)], [at, index(METHOD)]];
    })),
    written(FIELD, [1, 2].map((flags) => [[flags, 2], [text('field'), string], [1, blob]])),
    written(METHOD, methods.map(([name, isPublic]) => (
      [[0x2050, 4], [0, 2], [isPublic ? 0x1886 : 0x1881, 2], [text(name), string], [1, blob], [1, index(PARAM)]]))),
  ];
  const there = tables.map((count, table) => [table, count]).filter(([, count]) => count > 0);
  const valid = there.reduce((sum, [table]) => sum + 2n ** BigInt(table), 0n);
  const mask = Buffer.alloc(8);
  mask.writeBigUInt64LE(valid);
  const streams: Array<[name: string, bytes: Buffer]> = [
    ['#~', padded(Buffer.concat([
      bytesOf([0, 4], [2, 1], [0, 1], [wideHeaps, 1], [1, 1]), mask, Buffer.alloc(8), ...there.map(([, count]) => bytesOf([count, 4])),
      ...found, Buffer.from('what follows'),
    ]), 4)],
    ['#Strings', padded(texts, 4)], ['#US', Buffer.alloc(4)], ['#GUID', Buffer.alloc(16)], ['#Blob', Buffer.alloc(8)],
  ];
  const versionBytes = padded(Buffer.from(`${version}\0`), 4);
  const names = streams.map(([name]) => padded(Buffer.from(`${name}\0`), 4));
  let offset = 16 + versionBytes.length + 4 + names.reduce((sum, name) => sum + 8 + name.length, 0);
  const headers = streams.map(([, bytes], position) => {
    const header = Buffer.concat([bytesOf([offset, 4], [bytes.length, 4]), names[position]]);
    offset += bytes.length;
    return header;
  });
  return Buffer.concat([
    Buffer.from('BSJB'), bytesOf([1, 2], [1, 2], [0, 4], [versionBytes.length, 4]), versionBytes, bytesOf([0, 2], [streams.length, 2]),
    ...headers, ...streams.map(([, bytes]) => bytes),
  ]);
}

/** The form of Windows programs, with the header of the runtime and the metadata in sections of their own, behind one that is empty. */
function portableExecutable(metadata: Buffer, { is64 = false }: Form): Buffer {
  const dos = Buffer.alloc(0x90);
  dos.write('MZ');
  dos.writeUInt32LE(0x90, 0x3c);
  const optional = Buffer.alloc(is64 ? 240 : 224);
  optional.writeUInt16LE(is64 ? 0x20b : 0x10b);
  // The fifteenth of the directories is that of the runtime.
  optional.writeUInt32LE(CODE_ADDRESS + 8, (is64 ? 112 : 96) + 14 * 8);
  const runtimeHeader = bytesOf([72, 4], [0x50002, 4], [METADATA_ADDRESS + 16, 4], [metadata.length, 4]);
  const runtime = padded(Buffer.concat([Buffer.alloc(8), runtimeHeader]), SECTION);
  const body = padded(Buffer.concat([Buffer.alloc(16), metadata]), SECTION);
  const section = (name: string, address: number, size: number, offset: number) => (
    Buffer.concat([padded(Buffer.from(name.padEnd(8, '\0')), 8), bytesOf([size, 4], [address, 4], [size, 4], [offset, 4]), Buffer.alloc(16)]));
  const sections = [
    section('.rsrc', METADATA_ADDRESS + body.length + SECTION, SECTION, 2 * SECTION),
    section('.text', CODE_ADDRESS, runtime.length, 3 * SECTION),
    section('.meta', METADATA_ADDRESS, body.length, 3 * SECTION + runtime.length),
  ];
  const header = Buffer.concat([Buffer.from('PE\0\0'), bytesOf([0x14c, 2], [sections.length, 2], [0, 4], [0, 4], [0, 4], [optional.length, 2], [0x2022, 2])]);
  const headers = Buffer.concat([dos, header, optional, ...sections]);
  return Buffer.concat([headers, Buffer.alloc(3 * SECTION - headers.length), runtime, body]);
}

/** An asset with such assemblies, by name; it is the working directory until the test ends. */
export function assetWith(assemblies: { [name: string]: Type[] }, files: { [path: string]: string } = {}): string {
  const folder = sourceProject({ 'words.txt': '', ...files });
  for (const [name, types] of Object.entries(assemblies)) {
    const file = join(folder, `${name}.dll`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, assemblyFile(types));
  }
  return folder;
}
