import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LegacyStackSynthesizer, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { IncompleteAssemblyError, readAssembly } from '../../../src/local/assembly/assembly';
import { assemblyOf, newFolder, synthesize, synthesizeStack } from '../assembly-folder';

const LOGICAL_IDS_ONLY = { 'aws:cdk:enable-path-metadata': false };

function addFunction(stack: Stack): void {
  new Function(stack, 'Function', { code: Code.fromAsset(newFolder({ 'index.js': '1' })), handler: 'index.main', runtime: Runtime.NODEJS_24_X });
}

function find(folder: string, type: string) {
  return readAssembly(folder).flatMap((stack) => (
    [...stack.resources].filter(([, { Type }]) => Type === type).map(([logicalId, resource]) => ({ stack, logicalId, resource }))
  ));
}

function codePaths(folder: string) {
  return find(folder, 'AWS::Lambda::Function').map(({ stack, logicalId, resource }) => (
    stack.assetAt((resource.Properties as { Code: object }).Code, logicalId, 'Code')
  ));
}

describe('stacks', () => {
  test('of the app, its stages and nested ones are found', () => {
    const folder = synthesize((app) => {
      new Stack(app, 'Outer', { env: { account: '222222222222', region: 'us-west-2' } });
      const inStage = new Stack(new Stage(app, 'Prod'), 'Inner', { env: { account: '111111111111', region: 'eu-west-1' } });
      new Topic(new NestedStack(new NestedStack(inStage, 'Nested'), 'Deep'), 'Topic');
    });

    expect(readAssembly(folder).map(({ name, account, region }) => `${name} ${account} ${region}`).sort()).toEqual([
      'Outer 222222222222 us-west-2',
      'Prod-Inner 111111111111 eu-west-1',
      expect.stringMatching(/^Prod-Inner-Nested\w+ 111111111111 eu-west-1$/),
      expect.stringMatching(/^Prod-Inner-Nested\w+-Deep\w+ 111111111111 eu-west-1$/),
    ]);
  });

  test('without a region or account have those that are assumed', () => {
    const folder = assemblyOf({ Stack: {} }, 'aws://unknown-account/unknown-region');

    expect(readAssembly(folder)).toMatchObject([{ account: '123456789012', region: 'us-east-1' }]);
    expect(readAssembly(folder, 'eu-central-1')).toMatchObject([{ region: 'eu-central-1' }]);
  });

  test('of one name, in stages whose accounts are not known, are in accounts of their own', () => {
    const folder = synthesize((app) => {
      for (const stage of ['Dev', 'Test', 'Prod']) { new Stack(new Stage(app, stage), 'Chat', { stackName: 'chat' }); }
      new Stack(new Stage(app, 'Other'), 'Shop', { stackName: 'shop' });
    });

    expect(readAssembly(folder).map(({ name, account }) => `${name} ${account}`).sort()).toEqual([
      'chat 123456789012', 'chat 123456789013', 'chat 123456789014', 'shop 123456789012',
    ]);
  });

  test('of one name in one account are what the app says', () => {
    const folder = synthesize((app) => {
      for (const stage of ['Dev', 'Prod']) { new Stack(new Stage(app, stage), 'Chat', { stackName: 'chat', env: { account: '111111111111', region: 'eu-west-1' } }); }
    });

    expect(readAssembly(folder).map(({ name, account }) => `${name} ${account}`)).toEqual(['chat 111111111111', 'chat 111111111111']);
  });

  test('may be written with a byte order mark', () => {
    const folder = assemblyOf({ Stack: { Resources: { Topic: { Type: 'AWS::SNS::Topic' } } } });
    for (const file of ['manifest.json', 'Stack.template.json']) { writeFileSync(join(folder, file), `\uFEFF${readFileSync(join(folder, file), 'utf8')}`); }

    expect(readAssembly(folder)[0].resources.has('Topic')).toBe(true);
  });
});

describe('the path of a construct', () => {
  test.each([['of the template', {}], ['of the manifest', LOGICAL_IDS_ONLY]])('is taken from the metadata %s', (_, context) => {
    const folder = synthesizeStack((stack) => { new Topic(stack, 'Topic'); }, context);
    const [{ stack, logicalId }] = find(folder, 'AWS::SNS::Topic');

    expect(stack.pathOf(logicalId)).toBe('Stack/Topic');
  });

  test.each([['of the template', {}], ['of the manifest', LOGICAL_IDS_ONLY]])('of a nested stack is told by the metadata %s from that of a namesake', (_, context) => {
    const folder = synthesizeStack((stack) => {
      new Topic(stack, 'Topic');
      new Topic(new NestedStack(stack, 'A'), 'Topic');
      new Topic(new NestedStack(stack, 'B'), 'Topic');
    }, context);

    expect(find(folder, 'AWS::SNS::Topic').map(({ stack, logicalId }) => stack.pathOf(logicalId))).toEqual(['Stack/Topic', 'Stack/A/Topic', 'Stack/B/Topic']);
  });

  test('is made of the stack and the logical id where nothing tells', () => {
    const [stack] = readAssembly(assemblyOf({ Stack: { Resources: { Topic: { Type: 'AWS::SNS::Topic' } } } }));

    expect(stack.pathOf('Topic')).toBe('Stack/Topic');
  });
});

describe('assets', () => {
  const contents = expect.stringMatching(/asset\.[0-9a-f]{64}$/);

  test('are found by the asset manifest', () => {
    expect(codePaths(synthesizeStack(addFunction))).toEqual([contents]);
  });

  test('of stages and nested stacks are found', () => {
    const folder = synthesize((app) => {
      const stack = new Stack(new Stage(app, 'Prod'), 'Stack');
      addFunction(stack);
      addFunction(new NestedStack(stack, 'Nested'));
    });
    const paths = codePaths(folder);

    expect(paths).toEqual([contents, contents]);
    expect(paths.every((path) => path!.startsWith(folder))).toBe(true);
  });

  test('are found by what the template says of them, or the manifest of the legacy synthesizer', () => {
    const synth = (context: { [key: string]: unknown }) => synthesize((app) => {
      addFunction(new Stack(app, 'Stack', { synthesizer: new LegacyStackSynthesizer() }));
    }, context);

    expect(codePaths(synth({ 'aws:cdk:enable-asset-metadata': true }))).toEqual([contents]);
    expect(codePaths(synth({}))).toEqual([contents]);
  });

  test('are found by their key, which may have no hash', () => {
    const folder = newFolder({
      'manifest.json': {
        artifacts: {
          Assets: { type: 'cdk:asset-manifest', properties: { file: 'a.assets.json' } },
          Stack: { type: 'aws:cloudformation:stack', properties: { templateFile: 'Stack.json' } },
        },
      },
      'a.assets.json': {
        files: {
          one: { source: { path: 'code' }, destinations: { here: { objectKey: 'my/key.zip' } } },
          made: { source: { executable: ['make'] }, destinations: { here: { objectKey: 'made.zip' } } },
        },
      },
      'Stack.json': {},
    });
    const [stack] = readAssembly(folder);

    expect(stack.assetAt('my/key.zip', 'X', 'Code')).toBe(join(folder, 'code'));
    expect(stack.assetAt('made.zip', 'X', 'Code')).toBeUndefined();
    expect(stack.assetAt(undefined, 'X', 'Code')).toBeUndefined();
  });
});

describe('what is not whole', () => {
  test.each<[string, (folder: string) => void, string]>([
    ['no folder', (folder) => rmSync(folder, { recursive: true }), 'the cloud assembly `FOLDER` does not exist: run `cdk synth`'],
    ['no manifest', (folder) => rmSync(join(folder, 'manifest.json')), '`FOLDER` is not a cloud assembly, because it has no `manifest.json`: run `cdk synth`'],
    ['half a manifest', (folder) => writeFileSync(join(folder, 'manifest.json'), '{ "artifacts": {'), '`FOLDER/manifest.json` is not JSON, or was not written to its end'],
    ['no template', (folder) => rmSync(join(folder, 'Stack.template.json')), '`FOLDER/Stack.template.json` is missing'],
    ['half a template', (folder) => writeFileSync(join(folder, 'Stack.template.json'), '{ "Resou'), '`FOLDER/Stack.template.json` is not JSON'],
    ['an empty asset manifest', (folder) => writeFileSync(join(folder, 'Stack.assets.json'), ''), '`FOLDER/Stack.assets.json` is not JSON'],
  ])('%s can be told from what is wrong', (_, damage, message) => {
    const folder = synthesizeStack(addFunction);
    damage(folder);

    const read = () => readAssembly(folder);
    expect(read).toThrow(IncompleteAssemblyError);
    expect(read).toThrow(message.replaceAll('FOLDER', folder));
  });

  test('a file is no assembly', () => {
    const file = join(newFolder({ 'cdk.out': '{}' }), 'cdk.out');

    expect(() => readAssembly(file)).toThrow(`\`${file}\` is a file: name the folder of a cloud assembly, which \`cdk synth\` makes`);
  });

  test('a stage that is the assembly itself is an error', () => {
    const folder = newFolder({ 'manifest.json': { artifacts: { A: { type: 'cdk:cloud-assembly', properties: { directoryName: '.' } } } } });

    expect(() => readAssembly(folder)).toThrow(`the cloud assembly \`${folder}\` is a stage of itself`);
  });

  test('a template that is nested without sense is an error', () => {
    const folder = newFolder({
      'manifest.json': { artifacts: { C: { type: 'aws:cloudformation:stack', properties: { templateFile: 'C.json' } } } },
      'C.json': `{ "Resources": ${'['.repeat(1000)}${']'.repeat(1000)} }`,
    });

    expect(() => readAssembly(folder)).toThrow(`\`${folder}/C.json\` is nested more than 500 levels deep`);
  });

  test('a manifest that is no object is an error', () => {
    const folder = newFolder({ 'manifest.json': [] });

    expect(() => readAssembly(folder)).toThrow(`\`${folder}/manifest.json\` is not a JSON object`);
  });

  test('an assembly may hold what is not known', () => {
    const folder = newFolder({
      'manifest.json': { artifacts: { A: { type: 'cdk:tree' }, B: 5, C: { type: 'aws:cloudformation:stack', properties: { templateFile: 'C.json' } } } },
      'C.json': { Resources: { R: 'no object', S: {} }, Parameters: null, Outputs: [] },
    });

    expect(readAssembly(folder)).toMatchObject([{ name: 'C' }]);
  });
});
