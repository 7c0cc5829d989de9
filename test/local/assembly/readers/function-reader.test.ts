import { rmSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Fn, Stack } from 'aws-cdk-lib';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { Role } from 'aws-cdk-lib/aws-iam';
import { CfnFunction, Architecture, Code, DockerImageCode, DockerImageFunction, Function, FunctionProps, IFunction, LayerVersion, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Route, WebSocketApi } from '../../../../src';
import { IncompleteAssemblyError } from '../../../../src/local/assembly/assembly';
import { openAsset } from '../../../../src/local/assembly/asset';
import { readModel } from '../../../../src/local/assembly/model-reader';
import { newFolder, synthesizeStack } from '../../assembly-folder';
import { zipFile } from '../../zip-file';

function addFunction(stack: Stack, props: Partial<FunctionProps> = {}): Function {
  return new Function(stack, 'Function', { code: Code.fromAsset(newFolder({ 'index.js': '1' })), handler: 'index.main', runtime: Runtime.NODEJS_24_X, ...props });
}

/** An API with one route, to this function. */
function folderOf(define: (stack: Stack) => IFunction): string {
  return synthesizeStack((stack) => { new WebSocketApi(stack, 'Api', { routes: { a: Route.toFunction(define(stack)) } }); });
}

function read(define: (stack: Stack) => IFunction) {
  const model = readModel(folderOf(define));
  return { model, fn: [...model.functions.values()].find(({ path }) => path === 'Stack/Function') };
}

test('a function has what it is given', () => {
  const { fn } = read((stack) => {
    const made = addFunction(stack, { architecture: Architecture.ARM_64, reservedConcurrentExecutions: 2, functionName: 'mine', memorySize: 512, environment: { A: '1' } });
    (made.node.defaultChild as CfnFunction).addPropertyOverride('Environment.Variables.B', 2);
    return made;
  });

  expect(fn).toMatchObject({
    arn: 'arn:aws:lambda:eu-west-1:111111111111:function:mine',
    name: 'mine',
    region: 'eu-west-1',
    account: '111111111111',
    runtime: 'nodejs24.x',
    handler: 'index.main',
    architecture: 'arm64',
    reservedConcurrency: 2,
    memoryMB: 512,
    environment: { A: '1', B: '2' },
  });
});

test('a function has what Lambda has by default', () => {
  expect(read(addFunction).fn).toMatchObject({ architecture: 'x86_64', timeoutSeconds: 3, memoryMB: 128, layers: [], environment: {} });
});

describe('code', () => {
  test('may be a folder', () => {
    expect(read(addFunction).fn!.code).toMatch(/asset\.[0-9a-f]{64}$/);
  });

  test('may be a zip file', async () => {
    const { fn } = read((stack) => {
      const file = join(newFolder(), 'code.zip');
      writeFileSync(file, zipFile([{ name: 'index.js', contents: 'zipped' }]));
      return addFunction(stack, { code: Code.fromAsset(file) });
    });

    expect(readFileSync(join(await openAsset(fn!.code, newFolder()), 'index.js'), 'utf8')).toBe('zipped');
  });

  test.each([[Runtime.NODEJS_24_X, 'index.js'], [Runtime.PYTHON_3_13, 'index.py']])('may be in the template, for %s', async (runtime, file) => {
    const { fn } = read((stack) => addFunction(stack, { code: Code.fromInline('# inline'), runtime }));

    expect(readFileSync(join(await openAsset(fn!.code, newFolder()), file), 'utf8')).toBe('# inline');
  });

  test('elsewhere is a warning', () => {
    const { fn, model } = read((stack) => addFunction(stack, { code: Code.fromBucket(Bucket.fromBucketName(stack, 'Bucket', 'bucket'), 'key.zip') }));

    expect(fn).toBeUndefined();
    expect(model.warnings).toEqual([expect.stringMatching(/^route `a` of `.*` calls `Stack\/Function`, which has no code in the assembly: it fails here$/)]);
  });

  test('in a container image is a warning', () => {
    const { fn, model } = read((stack) => (
      new DockerImageFunction(stack, 'Function', { code: DockerImageCode.fromEcr(Repository.fromRepositoryName(stack, 'Repository', 'r')) })
    ));

    expect(fn).toBeUndefined();
    expect(model.warnings).toEqual([expect.stringContaining('calls `Stack/Function`, which is a container image, which needs Docker: it fails here')]);
  });

  test('that is missing is that of an assembly that is not whole', () => {
    const folder = folderOf(addFunction);
    const { code } = [...readModel(folder).functions.values()].find(({ path }) => path === 'Stack/Function')!;
    rmSync(code, { recursive: true });

    expect(() => readModel(folder)).toThrow(IncompleteAssemblyError);
    expect(() => readModel(folder)).toThrow(`\`${code}\`, which \`Stack/Function\` runs, is missing`);
  });
});

test('layers of the app are read, and those of others are a warning', () => {
  const { fn, model } = read((stack) => addFunction(stack, {
    layers: [
      new LayerVersion(stack, 'Layer', { code: Code.fromAsset(newFolder({ 'a.txt': '' })) }),
      LayerVersion.fromLayerVersionArn(stack, 'Foreign', 'arn:aws:lambda:eu-west-1:1:layer:foreign:1'),
    ],
  }));

  expect(fn!.layers).toEqual([expect.stringMatching(/asset\.[0-9a-f]{64}$/)]);
  expect(model.warnings).toEqual([
    '`Stack/Function` has the layer `arn:aws:lambda:eu-west-1:1:layer:foreign:1`, whose files are not in the assembly: it runs without them here, '
      + 'unless you name a folder or zip file with them in the env file, as `arn:aws:lambda:eu-west-1:1:layer:foreign:1=…`',
  ]);
});

describe('a layer of others', () => {
  const arn = 'arn:aws:lambda:eu-west-1:1:layer:foreign:1';
  const folder = () => folderOf((stack) => addFunction(stack, { layers: [LayerVersion.fromLayerVersionArn(stack, 'Foreign', arn)] }));

  test('has the files that the env file names', () => {
    const files = newFolder({ 'nodejs/node_modules/x/index.js': '' });
    const model = readModel(folder(), { env: { [arn]: files } });

    expect([...model.functions.values()].find(({ path }) => path === 'Stack/Function')!.layers).toEqual([files]);
    expect(model.warnings).toEqual([]);
  });

  test('whose files are not there is an error', () => {
    expect(() => readModel(folder(), { env: { [arn]: 'no/such/folder' } }))
      .toThrow(/^the env file names `no\/such\/folder` for the layer `arn:.*:foreign:1`, which does not exist: name a folder or zip file, relative to `.*`$/);
  });

  test('whose ARN is not known may be given as its files', () => {
    const files = newFolder({ 'a.txt': '' });
    const assembly = folderOf((stack) => addFunction(stack, { layers: [LayerVersion.fromLayerVersionArn(stack, 'Foreign', Fn.importValue('Layer'))] }));

    expect([...readModel(assembly, { env: { Layer: files } }).functions.values()].flatMap(({ layers }) => layers)).toEqual([files]);
  });
});

describe('API Gateway may call', () => {
  const invokers = (define: (stack: Stack) => IFunction) => read(define).fn!.invokers.map(({ qualifier }) => qualifier);

  test('a function that a permission is for', () => {
    expect(invokers(addFunction)).toEqual([undefined]);
  });

  test('an alias that a permission is for, and then not the function itself', () => {
    expect(invokers((stack) => addFunction(stack).addAlias('live'))).toEqual(['live']);
  });

  test('a version that a permission is for', () => {
    expect(invokers((stack) => addFunction(stack).currentVersion)).toEqual(['1']);
  });
});

test('a route may lead to a version or an alias', () => {
  const { model } = read((stack) => addFunction(stack).addAlias('live'));

  expect(model.warnings).toEqual([]);
  expect(model.apis[0].routes.get('a')!.integration!.target.uri).toMatch(/:function:Stack-Function\w+:live\/invocations$/);
});

describe('a role', () => {
  test('of another app may do everything, which is said', () => {
    const arn = 'arn:aws:iam::111111111111:role/path/foreign';
    const { fn, model } = read((stack) => addFunction(stack, { role: Role.fromRoleArn(stack, 'Role', arn) }));

    expect(fn!.role).toEqual({ arn, name: 'foreign', path: arn });
    expect(model.warnings).toContain(`\`Stack/Function\` has the role \`${arn}\`, which is not in the app: its policies are not known here, so it may do everything`);
  });

  test('that is not known is left out, and told', () => {
    const { fn, model } = read((stack) => {
      const made = addFunction(stack);
      (made.node.defaultChild as CfnFunction).addPropertyOverride('Role', { 'Fn::ImportValue': 'Role' });
      return made;
    });

    expect(fn!.role).toBeUndefined();
    expect(model.unresolved).toMatchObject([{ name: 'Role', usedBy: ['Stack/Function: Role'] }]);
  });
});

test.each([['by its own name', 'KEY'], ['by the name that is told', 'Key']])('a variable that is not known may be given %s', (_, name) => {
  const folder = folderOf((stack) => addFunction(stack, { environment: { KEY: Fn.importValue('Key') } }));

  expect(readModel(folder).unresolved).toMatchObject([{ name: 'Key', usedBy: ['Stack/Function: Environment.Variables.KEY'] }]);
  expect(readModel(folder, { env: { [name]: '1' } }).unresolved).toEqual([]);
});
