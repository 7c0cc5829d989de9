import type { Message } from 'esbuild-wasm';
import { buildWarnings, withAdvice } from '../../../src/handlers/nodejs/build-messages';
import { Bundle } from '../../../src/handlers/nodejs/nodejs-bundle';

const bundleOf = (inputs: string[], entryPoint?: string) => (
  { output: { entryPoint, inputs: Object.fromEntries(inputs.map((path) => [path, {}])) } } as unknown as Bundle
);
const message = (file: string | undefined, text = 'odd') => ({ text, location: file === undefined ? null : { file, line: 3, column: 4 } }) as Message;
const META = '"import.meta" is not available with the "cjs" output format and will be empty';

describe('warnings of esbuild', () => {
  test('are those about the files of the bundle, with their places as an editor counts', () => {
    const messages = [message('src/a.ts'), message('src/b.ts'), message('src/other.ts'), message(undefined)];

    expect(buildWarnings(messages, bundleOf(['src/b.ts'], 'src/a.ts'))).toEqual([{ id: 'bundling', text: '`src/a.ts:3:5`: odd' }, { id: 'bundling', text: '`src/b.ts:3:5`: odd' }]);
  });

  test('have advice where there is one', () => {
    expect(buildWarnings([message('a.ts', META)], bundleOf(['a.ts']))[0].text)
      .toBe(`\`a.ts:3:5\`: ${META}; bundle the handler as an ECMAScript module: \`Bundling.esbuild({ format: ModuleFormat.ESM })\``);
  });
});

describe('errors of esbuild', () => {
  test.each([
    ['a top-level await', 'Top-level await is currently not supported with the "cjs" output format', /^Top.*\n\nbundle the handler as an ECMAScript module: [^\n]*$/],
    ['an addon', 'No loader is configured for ".node" files: x.node', /^No.*\n\nthis is a native addon, which cannot be bundled: [^\n]*`nodeModules`[^\n]*$/],
    ['something else', 'No loader is configured for ".xnode" files', /^No loader is configured for ".xnode" files$/],
  ])('say what to do about %s', (_, text, expected) => {
    expect(withAdvice(text)).toMatch(expected);
  });
});
