import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Stack, Stage } from 'aws-cdk-lib';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { sourceProject } from './source-project';
import { WrittenCode } from '../../src/handlers/written-code';

beforeEach(() => { sourceProject({}); });

test('the code lies in an asset that has the name of its key, under the same manifest as an asset of CDK', () => {
  const [written, ofCdk] = [code('exports.main = 1;'), Code.fromAsset('.', { exclude: ['**'] })].map((one) => synthesized(one).file);

  expect({ ...written, source: undefined, destinations: undefined }).toEqual({ ...ofCdk, source: undefined, destinations: undefined });
  expect(written.source).toEqual({ path: expect.stringMatching(/^asset\.[0-9a-f]{64}$/), packaging: 'zip' });
  expect(readFileSync(join('cdk.out', written.source.path, 'index.js'), 'utf8')).toBe('exports.main = 1;');
});

test('the function is told the bucket and the key of the asset', () => {
  const { file, properties } = synthesized(code('exports.main = 1;'));

  expect(properties.Code).toEqual({
    S3Bucket: { 'Fn::Sub': expect.stringContaining('cdk-hnb659fds-assets-') },
    S3Key: `${file.source.path.replace('asset.', '')}.zip`,
  });
});

test('the code is in no template, so functions that take none of those have it too', () => {
  expect(code('exports.main = 1;').isInline).toBe(false);
});

test('equal keys are one asset, written once; others are others', () => {
  const write = jest.fn();
  ['same', 'same', 'other'].forEach((key) => synthesized(new WrittenCode({ key: [key], write })));

  expect(write).toHaveBeenCalledTimes(2);
  expect(readdirSync('cdk.out').filter((name) => name.startsWith('asset.'))).toHaveLength(2);
});

test('parts of a key are told from each other', () => {
  const hashes = [['a', 'b'], ['ab'], ['a b']].map((key) => synthesized(new WrittenCode({ key, write: () => undefined })).file.source.path);

  expect(new Set(hashes).size).toBe(3);
});

test('what failed half-way leaves nothing behind', () => {
  const failing = new WrittenCode({
    key: ['key'],
    write: (folder) => {
      writeFileSync(join(folder, 'index.js'), 'half');
      throw new Error('the disk is full');
    },
  });

  expect(() => synthesized(failing)).toThrow('the disk is full');
  expect(readdirSync('cdk.out').filter((name) => name.startsWith('asset.'))).toEqual([]);
});

test('what another process wrote in the meantime is taken', () => {
  const { file } = synthesized(new WrittenCode({
    key: ['key'],
    write: (folder) => {
      const finished = folder.replace(/-building-.*$/, '');
      mkdirSync(finished);
      writeFileSync(join(finished, 'index.js'), 'theirs');
      writeFileSync(join(folder, 'index.js'), 'mine');
    },
  }));

  expect(readFileSync(join('cdk.out', file.source.path, 'index.js'), 'utf8')).toBe('theirs');
});

test('a stack in a `cdk.Stage` finds the asset from its own folder', () => {
  const app = new App({ outdir: 'cdk.out' });
  const stage = new Stage(app, 'Prod');
  functionOf(new Stack(stage, 'Stack'), code('exports.main = 1;'));
  app.synth();
  const manifest = readdirSync(stage.outdir).find((name) => name.endsWith('.assets.json'))!;
  const { files } = JSON.parse(readFileSync(join(stage.outdir, manifest), 'utf8'));
  const [path] = Object.values<any>(files).map(({ source }) => source.path).filter((one) => /asset\./.test(one));

  expect(existsSync(join(stage.outdir, path, 'index.js'))).toBe(true);
});

test('what CDK\'s tools look for in the template is there when they ask for it', () => {
  const asked = synthesized(code('exports.main = 1;'), 'cdk.out', { 'aws:cdk:enable-asset-metadata': true });

  expect(asked.metadata).toEqual({ 'aws:asset:path': asked.file.source.path, 'aws:asset:is-bundled': true, 'aws:asset:property': 'Code' });
  expect(synthesized(code('exports.main = 1;')).metadata).toBeUndefined();
});

function code(text: string): WrittenCode {
  return new WrittenCode({ key: [text], write: (folder) => writeFileSync(join(folder, 'index.js'), text) });
}

function functionOf(stack: Stack, from: Code) {
  return new Function(stack, 'Function', { code: from, handler: 'index.main', runtime: Runtime.NODEJS_24_X });
}

function synthesized(from: Code, outdir = 'cdk.out', context = {}) {
  const app = new App({ outdir, context });
  const stack = new Stack(app, 'Stack');
  const id = stack.getLogicalId(functionOf(stack, from).node.defaultChild as any);
  const { directory, stacks: [{ template }] } = app.synth();
  const { files } = JSON.parse(readFileSync(join(directory, 'Stack.assets.json'), 'utf8'));
  const resource = template.Resources[id];
  return { properties: resource.Properties, metadata: resource.Metadata, file: files[resource.Properties.Code.S3Key.replace('.zip', '')] };
}
