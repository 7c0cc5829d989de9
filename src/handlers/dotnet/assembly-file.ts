/** A type of an assembly. */
export interface AssemblyType {
  /** `Chat.Say`; of a type in another type, its own name alone. */
  readonly name: string;
  /** By name: whether one of that name is public. */
  readonly methods: Map<string, boolean>;
  /** The place of the type that it extends, if that is in the same assembly. A name may be that of many. */
  readonly base?: number;
  /** Whether it extends a type of another assembly, `System.Object` aside, and has methods that are not known here. */
  readonly hasForeignBase: boolean;
}

const TYPE_REF = 1;
const TYPE_DEF = 2;
const FIELD = 4;
const METHOD = 6;
const PARAM = 8;
const METHOD_ACCESS = 7;
const PUBLIC = 6;

/**
 * Reads the types and methods of a .NET assembly from its metadata.
 *
 * @see https://ecma-international.org/publications-and-standards/standards/ecma-335/
 */
export function readAssemblyFile(bytes: Buffer): AssemblyType[] {
  const metadata = bytes.subarray(metadataOffset(bytes));
  const streams = streamsOf(metadata);
  const strings = streams.get('#Strings')!;
  const tables = streams.get('#~')!;
  const text = (index: number) => strings.toString('utf8', index, strings.indexOf(0, index));

  // The numbers of rows of the tables that there are.
  const valid = tables.readBigUInt64LE(8);
  const rows = new Map<number, number>();
  let at = 24;
  for (let table = 0; table < 64; table++) {
    if ((valid / 2n ** BigInt(table)) % 2n === 1n) {
      rows.set(table, tables.readUInt32LE(at));
      at += 4;
    }
  }

  // An index is as wide as what it points into makes it.
  const heap = (flag: number) => (Math.floor(tables[6] / flag) % 2 === 1 ? 4 : 2);
  const [string, guid, blob] = [heap(1), heap(2), heap(4)];
  const index = (...of: number[]) => (Math.max(...of.map((table) => rows.get(table) ?? 0)) < 2 ** 16 ? 2 : 4);
  const coded = (...of: number[]) => (Math.max(...of.map((table) => rows.get(table) ?? 0)) < 2 ** 14 ? 2 : 4);
  const typeDefOrRef = coded(TYPE_DEF, TYPE_REF, 27);
  const widths = [
    [2, string, guid, guid, guid],
    [coded(0, 26, 35, TYPE_REF), string, string],
    [4, string, string, typeDefOrRef, index(FIELD), index(METHOD)],
    [index(FIELD)],
    [2, string, blob],
    [index(METHOD)],
    [4, 2, 2, string, blob, index(PARAM)],
  ];
  const read = widths.map((columns, table) => Array.from({ length: rows.get(table) ?? 0 }, () => columns.map((width) => {
    at += width;
    return tables.readUIntLE(at - width, width);
  })));

  const methods = read[METHOD].map(([, , flags, name]) => ({ name: text(name), isPublic: flags % (METHOD_ACCESS + 1) === PUBLIC }));
  const nameOf = (name: number, namespace: number) => [text(namespace), text(name)].filter((part) => part !== '').join('.');
  const types = read[TYPE_DEF];
  return types.map(([, name, namespace, base, , first], position) => {
    const end = types[position + 1]?.[5] ?? methods.length + 1;
    const own = new Map<string, boolean>();
    methods.slice(first - 1, end - 1).forEach((method) => own.set(method.name, own.get(method.name) === true || method.isPublic));
    const [kind, row] = [base % 4, Math.floor(base / 4)];
    const ofOthers = kind === 1 ? read[TYPE_REF][row - 1] : undefined;
    return {
      name: nameOf(name, namespace),
      methods: own,
      // Row 0 is that of no type.
      base: kind === 0 && row > 0 ? row - 1 : undefined,
      hasForeignBase: kind === 2 || (ofOthers !== undefined && nameOf(ofOthers[1], ofOthers[2]) !== 'System.Object'),
    };
  });
}

/** The metadata of the common language runtime, in a file that has the form of a Windows program. */
function metadataOffset(bytes: Buffer): number {
  const header = bytes.readUInt32LE(0x3c) + 4;
  const optional = header + 20;
  const is64 = bytes.readUInt16LE(optional) === 0x20b;
  const sections = optional + bytes.readUInt16LE(header + 16);
  const offsetOf = (address: number) => {
    for (let section = sections; section < sections + bytes.readUInt16LE(header + 2) * 40; section += 40) {
      const distance = address - bytes.readUInt32LE(section + 12);
      if (distance >= 0 && distance < bytes.readUInt32LE(section + 16)) { return distance + bytes.readUInt32LE(section + 20); }
    }
    throw new Error('this is no .NET assembly');
  };
  const runtime = offsetOf(bytes.readUInt32LE(optional + (is64 ? 112 : 96) + 14 * 8));
  return offsetOf(bytes.readUInt32LE(runtime + 8));
}

function streamsOf(metadata: Buffer): Map<string, Buffer> {
  const streams = new Map<string, Buffer>();
  let at = 16 + metadata.readUInt32LE(12);
  const count = metadata.readUInt16LE(at + 2);
  at += 4;
  for (let left = count; left > 0; left--) {
    const [offset, size] = [metadata.readUInt32LE(at), metadata.readUInt32LE(at + 4)];
    const name = metadata.toString('latin1', at + 8, metadata.indexOf(0, at + 8));
    streams.set(name, metadata.subarray(offset, offset + size));
    at += 8 + Math.ceil((name.length + 1) / 4) * 4;
  }
  return streams;
}
