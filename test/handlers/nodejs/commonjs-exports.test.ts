import { annotatedNames, commonJsNames } from '../../../src/handlers/nodejs/commonjs-exports';

describe('the names in the annotation of esbuild', () => {
  test.each<[code: string, names: string[] | undefined]>([
    ['0 && (module.exports = { main, other });', ['main', 'other']],
    ['0&&(module.exports={main,"my-name":null,"a:b": null,...require("x")});', ['main', 'my-name', 'a:b']],
    ['(module.exports = { no });\n0 && (module.exports = {\n  yes\n});\n', ['yes']],
    ['0 && (module.exports = {});', []],
    ['(module.exports = make());', undefined],
    ['exports.main = 1;', undefined],
  ])('%s', (code, names) => {
    expect(annotatedNames(Buffer.from(code))).toEqual(names);
  });
});

describe('a CommonJS module certainly has no `main`, but these:', () => {
  test.each<[source: string, names: string[]]>([
    ['exports.other = 1; exports . b = 2;', ['other', 'b']],
    ['module.exports.other = 1;', ['other']],
    ['exports["other"] = 1; exports[\'b\'] = 2;', ['other', 'b']],
    ['Object.defineProperty(exports, "other", {}); Object.defineProperty(exports, \'b\', {});', ['other', 'b']],
    ['Object.defineProperty(exports, "__esModule", { value: true }); exports.other = 1;', ['other']],
    ['exports = module.exports = { other: 1, b }', ['other', 'b']],
    ['module.exports = { other, b: deep(1) }', []],
    ['module.exports = {}', []],
    ['exports.maintain = 1; exports.$main = 2;', ['maintain', '$main']],
    ['0 && (module.exports = { other });', ['other']],
    ['fill(exports); eval(code);\n0 && (module.exports = { other, "b": null });', ['other', 'b']],
    ['exports.other = 1; exports.__esModule = true;', ['other']],
    ['const x = 1;', []],
  ])('%s', (source, names) => {
    expect(commonJsNames(source, 'main')).toEqual(names);
  });
});

describe('a CommonJS module has, or may have, `main`:', () => {
  test.each([
    'exports.main = 1;',
    'exports["main"] = 1;',
    'Object.defineProperty(exports, "main", {});',
    'module.exports = { main }',
    'module.exports = { main: 1, b: deep(1) }',
    'module.exports = { ...other }',
    'module.exports = { [name]: 1 }',
    '0 && (module.exports = { main });',
    'module.exports = make();',
    'exports[name] = 1;',
    'exports[`main`] = 1;',
    'fill(exports);',
    'fill(module);',
    'const all = module; ',
    'module["exports"].x = 1;',
    'const { exports: e } = module; ',
    'this.main = 1;',
    'this[name] = 1;',
    'eval(code);',
    'export = make;',
  ])('%s', (source) => {
    expect(commonJsNames(source, 'main')).toBeUndefined();
  });

  test('a name with a dollar sign is that name', () => {
    expect(commonJsNames('module.exports = { $get }', '$get')).toBeUndefined();
    expect(commonJsNames('this.$get = 1;', '$get')).toBeUndefined();
    expect(commonJsNames('this.get = 1; exports.a = 1;', '$get')).toEqual(['a']);
  });
});
