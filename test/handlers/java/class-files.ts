import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { sourceProject } from '../source-project';

/** A class to write. */
export interface Class {
  readonly name: string;
  readonly extends?: string;
  readonly implements?: string[];
  /** By name: whether it is public. */
  readonly methods?: { readonly [name: string]: boolean };
  readonly java?: number;
}

const u1 = (value: number) => Buffer.from([value]);

function u2(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

function u4(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** A class file, as a compiler writes it, with constants of every size before those that count. */
export function classFile({ name, extends: superclass = 'java/lang/Object', implements: interfaces = [], methods = {}, java = 17 }: Class): Buffer {
  const constants: Buffer[] = [];
  let next = 1;
  const add = (tag: number, ...parts: Buffer[]) => {
    constants.push(u1(tag), ...parts);
    next += tag === 5 || tag === 6 ? 2 : 1;
    return next - (tag === 5 || tag === 6 ? 2 : 1);
  };
  const text = (value: string) => add(1, u2(Buffer.byteLength(value)), Buffer.from(value));
  const typeOf = (value: string) => add(7, u2(text(value)));
  [3, 4].forEach((tag) => add(tag, u4(1)));
  [5, 6].forEach((tag) => add(tag, u4(1), u4(1)));
  [8, 16, 19, 20].forEach((tag) => add(tag, u2(1)));
  [9, 10, 11, 12, 17, 18].forEach((tag) => add(tag, u2(1), u2(1)));
  add(15, u1(1), u2(1));
  const [own, above, all] = [typeOf(name), typeOf(superclass), interfaces.map(typeOf)];
  const attribute = Buffer.concat([u2(text('Größe')), u4(3), Buffer.from('abc')]);
  const member = (flags: number, named: string) => Buffer.concat([u2(flags), u2(text(named)), u2(1), u2(2), attribute, attribute]);
  const fields = [member(1, 'field'), member(2, 'hidden')];
  const members = Object.entries(methods).map(([one, isPublic]) => member(isPublic ? 0x11 : 0x12, one));
  return Buffer.concat([
    u4(0xcafebabe), u2(0), u2(java + 44), u2(next), ...constants, u2(0x21), u2(own), u2(above), u2(all.length), ...all.map(u2),
    u2(fields.length), ...fields, u2(members.length), ...members, u2(0),
  ]);
}

/** An asset with such classes; it is the working directory until the test ends. */
export function assetWith(...classes: Class[]): string {
  const folder = sourceProject({ 'words.txt': '' });
  for (const one of classes) {
    const file = join(folder, `${one.name}.class`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, classFile(one));
  }
  return folder;
}
