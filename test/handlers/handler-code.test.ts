import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { Architecture, Code, Handler, LayerVersion, Runtime } from 'aws-cdk-lib/aws-lambda';
import { recordedTools } from './python/python-tools';
import { filesOf, invoke, sourceProject, synthesize } from './source-project';
import { Bundling, HandlerRouteProps, Route, WebSocketApi } from '../../src';
import { buildHandlerCode } from '../../src/handlers/handler-code';
import { ECHO, testStack, warnings } from '../test-stack';

describe('a handler that is not bundled', () => {
  const plain = (handler: string, srcPath?: string) => (
    synthesize({ a: Route.toHandler(handler, { srcPath, bundling: Bundling.disabled() }) }).a
  );

  test('is its source folder as it stands, and keeps its name', () => {
    sourceProject({ 'dist/chat/connect.js': 'exports.main = async (event) => event.body;', 'dist/chat/data.json': '{}', 'dist/node_modules/x/index.js': '' });
    const fn = plain('chat/connect.main', 'dist');

    expect(fn.properties.Handler).toBe('chat/connect.main');
    expect(filesOf(fn.asset)).toEqual(['chat/connect.js', 'chat/data.json', 'node_modules/x/index.js']);
    expect(invoke(fn, { body: 'hello' })).toBe('hello');
  });

  test.each(['js', 'mjs', 'cjs'])('may be JavaScript of any kind: %s', (extension) => {
    sourceProject({ [`dist/connect.${extension}`]: extension === 'mjs' ? 'export const main = 1;' : 'exports.main = 1;' });

    expect(plain('connect.main', 'dist').properties.Handler).toBe('connect.main');
  });

  test('brings no warning where nothing looks like a secret', () => {
    sourceProject({ 'dist/connect.js': 'exports.main = 1;', 'dist/.env': '' });
    const app = new App();
    new WebSocketApi(new Stack(app, 'Stack'), 'Api', { routes: { a: Route.toHandler('connect.main', { srcPath: 'dist', bundling: Bundling.disabled() }) } });

    expect(warnings(app)).toEqual([]);
  });

  test.each(['ts', 'tsx', 'jsx', 'mts'])('is refused when it is not JavaScript: %s', (extension) => {
    sourceProject({ [`src/connect.${extension}`]: '' });

    expect(() => plain('connect.main', 'src'))
      .toThrow(/route `"a"`: `.*connect\.\w+` is not JavaScript that Lambda can run, and bundling is disabled: bundle it, or name the compiled file/);
  });

  test('is refused when its source folder is that of the whole app', () => {
    const folder = sourceProject({ 'connect.js': '' });

    expect(() => plain('connect.main')).toThrow(`bundling is disabled, so the asset would be the whole of \`${folder}\`: name the folder to deploy with \`srcPath\``);
    expect(() => plain('connect.main', folder)).toThrow('bundling is disabled, so the asset would be the whole of');
  });

  test('is refused outside of its source folder', () => {
    sourceProject({ 'dist/a.js': '', 'other.js': '' });

    expect(() => plain('../other.main', 'dist')).toThrow(/handler file `.*other\.js` is outside of `srcPath`, which is the asset if bundling is disabled: move the file into it, or name a folder above it/);
  });
});

describe('handlers of several kinds', () => {
  test('are built for the routes that they belong to', () => {
    sourceProject({
      'a.ts': 'export const main = async () => "from TypeScript";',
      'python/b.py': 'def main(event, context):\n    return "from Python"\n',
      'plain/c.js': 'exports.main = async () => "from JavaScript";',
      'given/index.js': 'exports.main = async () => "from elsewhere";',
    });
    const functions = synthesize({
      a: Route.toHandler('a.main'),
      b: Route.toHandler('b.main', { srcPath: 'python' }),
      c: Route.toHandler('c.main', { srcPath: 'plain', bundling: Bundling.disabled() }),
      d: Route.toHandler('index.main', { code: Code.fromAsset('given'), runtime: Runtime.NODEJS_22_X }),
    });

    expect(Object.values(functions).map((fn) => invoke(fn))).toEqual(['from TypeScript', 'from Python', 'from JavaScript', 'from elsewhere']);
  });
});

describe('handlers in Python', () => {
  test('that their files do not have are all told, each by its route', () => {
    sourceProject({ 'src/x.py': 'def other(event, context): ...\n', 'src/y.py': 'def main(event, context): ...\n' });
    recordedTools();
    const route = (name: string) => Route.toHandler(`${name}.main`, { srcPath: 'src' });

    expect(() => synthesize({ a: route('y'), b: route('x'), c: route('y'), d: route('x') })).toThrow(/^route `"b"`: handler `"x\.main"` [^\n]*\n\nroute `"d"`: handler `"x\.main"` [^\n]*$/);
  });
});

describe('the code of a handler', () => {
  const built = (props: HandlerRouteProps, handler = ECHO) => buildHandlerCode(testStack(), [{ name: 'route `"a"`', handler, props }])[0];

  test('is made again for another runtime or architecture, and for no other reason', () => {
    const code = built({ runtime: Runtime.NODEJS_22_X, architecture: Architecture.ARM_64 });

    expect(code.forPlatform!(Runtime.NODEJS_22_X, Architecture.ARM_64)).toBeUndefined();
    expect(code.forPlatform!(Runtime.NODEJS_24_X, Architecture.ARM_64))
      .toMatchObject({ handler: code.handler, runtime: Runtime.NODEJS_24_X });
    expect(code.forPlatform!(Runtime.NODEJS_22_X, Architecture.X86_64)).toMatchObject({ runtime: Runtime.NODEJS_22_X });
    expect(code.forPlatform!(Runtime.NODEJS_22_X)).toBeDefined();
    expect(built({}).forPlatform!(Runtime.NODEJS_24_X)).toBeUndefined();
  });

  test('that is given is not made again', () => {
    expect(built({ code: Code.fromInline('x'), runtime: Runtime.NODEJS_24_X }, 'index.main').forPlatform).toBeUndefined();
  });
});

describe('a container image', () => {
  const image = (stack: Stack): HandlerRouteProps => (
    { runtime: Runtime.FROM_IMAGE, code: Code.fromEcrImage(Repository.fromRepositoryName(stack, 'Images', 'images')) }
  );

  test('is a function like any other', () => {
    const stack = testStack();
    new WebSocketApi(stack, 'Api', { routes: { a: Route.toHandler(Handler.FROM_IMAGE, image(stack)) } });

    Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Function', {
      PackageType: 'Image',
      Handler: Match.absent(),
      Runtime: Match.absent(),
      MemorySize: 1024,
      TracingConfig: { Mode: 'Active' },
      Environment: { Variables: { WEBSOCKET_CALLBACK_URL: Match.anyValue() } },
    });
  });

  test('has no layers, so those of all other functions are not for it', () => {
    const stack = testStack();
    const layers = [LayerVersion.fromLayerVersionArn(stack, 'Layer', 'arn:aws:lambda:eu-west-1:111111111111:layer:powertools:1')];
    const routes = { a: Route.toHandler(Handler.FROM_IMAGE, image(stack)), b: Route.toHandler(ECHO) };
    new WebSocketApi(stack, 'Api', { routes, defaultFunctionProps: { layers } });

    const functions = Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Function', {
      Properties: { Environment: { Variables: { WEBSOCKET_CALLBACK_URL: Match.anyValue() } } },
    }));
    expect(functions.map(({ Properties: { PackageType, Layers } }) => `${PackageType} ${Layers?.length}`)).toEqual(['Image undefined', 'undefined 1']);
  });
});
