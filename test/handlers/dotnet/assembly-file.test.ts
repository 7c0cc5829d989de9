import { assemblyFile, Form, Type } from './assembly-files';
import { readAssemblyFile } from '../../../src/handlers/dotnet/assembly-file';

const TYPES: Type[] = [
  { name: '<Module>' },
  { name: 'Chat.Say', extends: 'Chat.Base', methods: [['.ctor', true], ['Größe', true], ['Hidden', false]] },
  { name: 'Chat.Base', extends: 'System.Object', methods: [['Both', false], ['Both', true], ['Both', false]] },
  { name: 'Plain', extends: 'Library.Base' },
  { name: 'Chat.Deep.Generic', extends: 'Library.Generic<int>', methods: [['Run', true]] },
  { name: 'Own', extends: 'Object', methods: [['Last', false]] },
];
const READ = [
  { name: '<Module>', methods: new Map(), hasForeignBase: false },
  { name: 'Chat.Say', methods: new Map([['.ctor', true], ['Größe', true], ['Hidden', false]]), base: 2, hasForeignBase: false },
  { name: 'Chat.Base', methods: new Map([['Both', true]]), hasForeignBase: false },
  { name: 'Plain', methods: new Map(), hasForeignBase: true },
  { name: 'Chat.Deep.Generic', methods: new Map([['Run', true]]), hasForeignBase: true },
  { name: 'Own', methods: new Map([['Last', false]]), hasForeignBase: true },
];

describe('an assembly says which types it has, what they extend, and which of their methods are public', () => {
  test.each<[what: string, form: Form]>([
    ['as compilers write it', {}],
    ['for 64 bits', { is64: true }],
    ['with many strings', { wideHeaps: 1 }],
    ['with many GUIDs', { wideHeaps: 2 }],
    ['with many blobs', { wideHeaps: 4 }],
    ['with much of all', { wideHeaps: 7, is64: true }],
    ['for a runtime with another version', { version: 'v4' }],
    ['for a runtime with a long version', { version: 'v4.0.30319 and more' }],
  ])('%s', (_, form) => {
    expect(readAssemblyFile(assemblyFile(TYPES, form))).toEqual(READ);
  });

  // A column is as wide as the tables make it that it points into.
  test.each<[what: string, table: number, rows: number[]]>([
    ['modules', 0, [16383, 16384]],
    ['types of others', 1, [16383, 16384]],
    ['fields', 4, [65535, 65536]],
    ['parameters', 8, [65535, 65536]],
    ['names of other modules', 26, [16383, 16384]],
    ['types made of others', 27, [16383, 16384]],
    ['names of other assemblies', 35, [16383, 16384]],
    ['rows of a table that no column here points into', 41, [65535, 65536]],
  ])('also with many %s', (_, table, rows) => {
    for (const count of rows) { expect(readAssemblyFile(assemblyFile(TYPES, { rows: { [table]: count } }))).toEqual(READ); }
  });

  test.each([16383, 16384])('also with %i types of its own', (count) => {
    const types = readAssemblyFile(assemblyFile([...TYPES, ...Array.from({ length: count - TYPES.length }, () => ({ name: 'More' }))]));

    expect(types.slice(0, READ.length)).toEqual(READ);
    expect(types).toHaveLength(count);
  });

  test.each([65535, 65536])('also with %i methods', (count) => {
    const types = readAssemblyFile(assemblyFile(TYPES, { rows: { 6: count } }));

    // The last type has all that are left, which have no names.
    expect(types).toEqual([...READ.slice(0, -1), { ...READ.at(-1), methods: new Map([['Last', false], ['', false]]) }]);
  });
});

describe('a file is no assembly', () => {
  const changed = (change: (bytes: Buffer, optional: number) => void) => {
    const bytes = assemblyFile(TYPES);
    change(bytes, bytes.readUInt32LE(0x3c) + 24);
    return expect(() => readAssemblyFile(bytes));
  };

  test('without a header of the runtime, as a program for Windows is', () => {
    changed((bytes, optional) => bytes.writeUInt32LE(0, optional + 96 + 14 * 8)).toThrow('this is no .NET assembly');
  });

  test('whose header is behind a section', () => {
    changed((bytes, optional) => bytes.writeUInt32LE(0x2000 + 0x200, optional + 96 + 14 * 8)).toThrow('this is no .NET assembly');
  });

  test('whose metadata is nowhere', () => {
    changed((bytes) => bytes.writeUInt32LE(0x7fffffff, 3 * 0x200 + 8 + 8)).toThrow('this is no .NET assembly');
  });
});
