import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { Code, Handler, LayerVersion, Runtime } from 'aws-cdk-lib/aws-lambda';
import { filesOf, invoke, sourceProject, synthesize } from './source-project';
import { Bundling, HandlerRouteProps, Route, WebSocketApi } from '../../src';
import { ECHO, testStack } from '../test-stack';

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

  test('is refused when it is not JavaScript', () => {
    sourceProject({ 'src/connect.ts': '' });

    expect(() => plain('connect.main', 'src'))
      .toThrow(/route `"a"`: `.*connect\.ts` is not JavaScript that Lambda can run, and bundling is disabled: bundle it, or name the compiled file/);
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
