import { bundleOf, Files } from './bundle-of';
import { decoratorMetadata } from '../../../src/handlers/nodejs/decorator-metadata';

const WANTED = '{ "compilerOptions": { "emitDecoratorMetadata": true } }';
const DECORATED = '@Entity()\nclass Order {}\n';

describe('decorators that want to know types are told of', () => {
  const fileOf = (files: Files, tsconfig?: string) => /^`(.*?)`/.exec(decoratorMetadata(tsconfig)(bundleOf(files))[0]?.text ?? '')?.[1];

  test.each<[what: string, source: string]>([
    ['a class', DECORATED],
    ['a class, without a call', '@Entity\nclass Order {}\n'],
    ['a property', 'class Order {\n  @Column() id = 1;\n}\n'],
    ['a parameter', 'class Order {\n  make(@Arg(1) one: string) {}\n}\n'],
    ['a member of a module', '@orm.Entity()\nclass Order {}\n'],
  ])('of %s', (_, source) => {
    expect(fileOf({ 'tsconfig.json': WANTED, 'a.ts': source })).toBe('a.ts');
  });

  test.each<[what: string, source: string]>([
    ['in a comment', '/**\n * @deprecated (yes)\n */\n// @Entity()\n'],
    ['in a text', 'const mail = "me@example.com()";\nconst x = `@Entity()`;\n'],
    ['in nothing', 'class Order {}\n'],
  ])('but none that is %s', (_, source) => {
    expect(fileOf({ 'tsconfig.json': WANTED, 'a.ts': source })).toBeUndefined();
  });

  test.each<[what: string, files: Files, found: boolean]>([
    ['the nearest', { 'src/tsconfig.json': WANTED, 'tsconfig.json': '{}' }, true],
    ['the nearest, which does not want them', { 'src/tsconfig.json': '{}', 'tsconfig.json': WANTED }, false],
    ['the one above', { 'tsconfig.json': WANTED }, true],
    ['one that says no', { 'tsconfig.json': WANTED.replace('true', 'false') }, false],
    ['one whose line is a comment', { 'tsconfig.json': '{\n  // "emitDecoratorMetadata": true\n}' }, false],
    ['one that extends it', { 'tsconfig.json': '{ "extends": "./base" }', 'base.json': WANTED }, true],
    ['one that extends a folder', { 'tsconfig.json': '{ "extends": "./base" }', 'base/tsconfig.json': WANTED }, true],
    ['one that extends several', { 'tsconfig.json': '{ "extends": ["./one.json", "./two.json"] }', 'one.json': '{}', 'two.json': WANTED }, true],
    ['one that extends a package', { 'tsconfig.json': '{ "extends": "@my/base/strict.json" }', 'node_modules/@my/base/strict.json': WANTED }, true],
    ['one that extends a package, without an extension', { 'tsconfig.json': '{ "extends": "@my/base/strict" }', 'node_modules/@my/base/strict.json': WANTED }, true],
    ['one that extends another, and says no', { 'tsconfig.json': '{ "extends": "./base", "compilerOptions": { "emitDecoratorMetadata": false } }', 'base.json': WANTED }, false],
    ['one that extends itself', { 'tsconfig.json': '{ "extends": "./tsconfig.json" }' }, false],
    ['one that extends nothing', { 'tsconfig.json': '{ "extends": "./nowhere" }' }, false],
    ['none', {}, false],
  ])('by the tsconfig: %s', (_, files, found) => {
    expect(fileOf({ ...files, 'src/a.ts': DECORATED })).toBe(found ? 'src/a.ts' : undefined);
  });

  test('by the one that is used for all, if there is one', () => {
    expect(fileOf({ 'tsconfig.json': WANTED, 'other.json': '{}', 'a.ts': DECORATED }, 'other.json')).toBeUndefined();
    expect(fileOf({ 'tsconfig.json': '{}', 'other.json': WANTED, 'a.tsx': DECORATED }, 'other.json')).toBe('a.tsx');
  });

  test('only in TypeScript of the app', () => {
    expect(fileOf({ 'tsconfig.json': WANTED, 'a.js': DECORATED, 'node_modules/x/b.ts': DECORATED, 'notes.ts.md': DECORATED })).toBeUndefined();
    expect(fileOf({ 'tsconfig.json': WANTED, 'a.mts': DECORATED })).toBe('a.mts');
  });
});
