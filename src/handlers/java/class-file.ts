/** What a compiled class says of itself. */
export interface ClassFile {
  /** The oldest Java that runs it. */
  readonly javaVersion: number;
  /** With `/` between packages; undefined for `java/lang/Object`. */
  readonly superclass?: string;
  readonly interfaces: string[];
  /** By name: whether one of that name is public. */
  readonly methods: Map<string, boolean>;
}

/** The sizes of constants, by tag, without the tag. */
const SIZES: { readonly [tag: number]: number } = {
  3: 4, 4: 4, 5: 8, 6: 8, 7: 2, 8: 2, 9: 4, 10: 4, 11: 4, 12: 4, 15: 3, 16: 2, 17: 4, 18: 4, 19: 2, 20: 2,
};
const UTF8 = 1;
const CLASS = 7;
/** Long and Double take two places. */
const WIDE = [5, 6];
const PUBLIC = 1;

/**
 * Reads a class file.
 *
 * @see https://docs.oracle.com/javase/specs/jvms/se25/html/jvms-4.html
 */
export function readClassFile(bytes: Buffer): ClassFile {
  const texts = new Map<number, string>();
  const classes = new Map<number, number>();
  let at = 10;
  for (let index = 1; index < bytes.readUInt16BE(8); index++) {
    const tag = bytes[at++];
    if (tag === UTF8) {
      const length = bytes.readUInt16BE(at);
      texts.set(index, bytes.toString('utf8', at + 2, at + 2 + length));
      at += 2 + length;
      continue;
    }
    if (SIZES[tag] === undefined) { throw new Error('this is no class file'); }
    if (tag === CLASS) { classes.set(index, bytes.readUInt16BE(at)); }
    at += SIZES[tag];
    if (WIDE.includes(tag)) { index++; }
  }
  const nameOf = (index: number) => texts.get(classes.get(index) ?? 0);
  const count = () => { at += 2; return bytes.readUInt16BE(at - 2); };
  // Access flags and the class itself.
  at += 4;
  const superclass = nameOf(count());
  const interfaces = Array.from({ length: count() }, () => nameOf(count())!);
  const methods = new Map<string, boolean>();
  const readMembers = (visit: (flags: number, name: string) => void) => {
    for (let left = count(); left > 0; left--) {
      visit(bytes.readUInt16BE(at), texts.get(bytes.readUInt16BE(at + 2))!);
      at += 6;
      for (let attributes = count(); attributes > 0; attributes--) { at += 6 + bytes.readUInt32BE(at + 2); }
    }
  };
  readMembers(() => {});
  readMembers((flags, name) => methods.set(name, methods.get(name) === true || flags % 2 === PUBLIC));
  return { javaVersion: bytes.readUInt16BE(6) - 44, superclass: superclass === 'java/lang/Object' ? undefined : superclass, interfaces, methods };
}
