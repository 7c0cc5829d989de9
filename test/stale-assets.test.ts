import { readFileSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { Bundling, Route } from '../src';
import { filesOf, sourceProject, synthesize, write } from './handlers/source-project';

const HANDLER = 'import { reply } from \'./shared/reply\';\nexport const main = async () => reply();\n';
const HANDLERS = ['a', 'b', 'c'];

beforeEach(() => {
  sourceProject({
    'shared/reply.ts': 'import { text } from \'./text\';\nexport const reply = () => text;\n',
    'shared/text.ts': 'export const text = \'first\';\n',
    'copied/notes.txt': 'first',
    ...Object.fromEntries(HANDLERS.map((name) => [`${name}.ts`, HANDLER])),
  });
});

describe('a synth into a folder that has the assets of an earlier one gives what a fresh folder gets', () => {
  test.each<[string, () => void]>([
    ['nothing was edited', () => undefined],
    ['one handler was edited', () => write({ 'b.ts': `${HANDLER}console.log('edited');\n` })],
    ['an import that all share was edited', () => write({ 'shared/reply.ts': 'export const reply = () => \'edited\';\n' })],
    ['an import of an import was edited', () => write({ 'shared/text.ts': 'export const text = \'edited\';\n' })],
    ['an import was edited to as many characters, and its time set back', () => {
      const { atime, mtime } = statSync('shared/text.ts');
      write({ 'shared/text.ts': 'export const text = \'FIRST\';\n' });
      utimesSync('shared/text.ts', atime, mtime);
    }],
    ['a file that is copied was edited', () => write({ 'copied/notes.txt': 'edited' })],
    ['an edit was taken back', () => {
      write({ 'shared/text.ts': 'export const text = \'edited\';\n' });
      synthesized('cdk.out');
      write({ 'shared/text.ts': 'export const text = \'first\';\n' });
    }],
  ])('where %s', (_, edit) => {
    synthesized('cdk.out');
    edit();

    expect(synthesized('cdk.out')).toEqual(synthesized('fresh.out'));
  });
});

test('an import that all share is edited, and no asset is what it was', () => {
  const before = synthesized('cdk.out');
  write({ 'shared/text.ts': 'export const text = \'edited\';\n' });
  const after = synthesized('cdk.out');

  for (const name of HANDLERS) {
    expect(after[name]).not.toEqual(before[name]);
    expect(JSON.stringify(after[name])).toContain('edited');
  }
});

/** What is deployed: for each route, the name of the asset and all that is in it. */
function synthesized(outdir: string) {
  const functions = synthesize(routes(), {}, outdir);
  return Object.fromEntries(Object.entries(functions).map(([key, { properties, asset }]) => [key, {
    key: properties.Code.S3Key,
    files: Object.fromEntries(filesOf(asset).map((file) => [file, readFileSync(join(asset, file), 'utf8')])),
  }]));
}

function routes() {
  return {
    ...Object.fromEntries(HANDLERS.map((name) => [name, Route.toHandler(`${name}.main`)])),
    copying: Route.toHandler('a.main', { bundling: Bundling.esbuild({ copyFiles: [{ source: 'copied' }] }) }),
  };
}
