import { Duration } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Code, LambdaInsightsVersion, LayerVersion, ParamsAndSecretsLayerVersion, ParamsAndSecretsVersions, Runtime } from 'aws-cdk-lib/aws-lambda';
import * as fc from 'fast-check';
import { Bundling, HandlerProps, Permissions, Route, WebSocketApi } from '../../src';
import { mergeHandlerProps } from '../../src/handlers/handler-props';
import { ECHO, testStack } from '../test-stack';

describe('merging defaults', () => {
  const text = fc.string({ maxLength: 3 });
  const props: fc.Arbitrary<HandlerProps> = fc.record({
    memorySize: fc.integer({ min: 128, max: 130 }),
    description: text,
    environment: fc.dictionary(text, text, { maxKeys: 3 }),
    permissions: fc.array(fc.constantFrom('s3', 'sqs').map((service) => Permissions.service(service)), { maxLength: 2 }),
    layers: fc.array(fc.constantFrom(...layersOf('a', 'b', 'c')), { maxLength: 2 }),
  }, { requiredKeys: [] });

  test('gives the same in whichever order it is done', () => {
    fc.assert(fc.property(props, props, props, (a, b, c) => {
      expect(mergeHandlerProps(mergeHandlerProps(a, b), c)).toEqual(mergeHandlerProps(a, mergeHandlerProps(b, c)));
    }));
  });

  test('changes nothing that it is given', () => {
    fc.assert(fc.property(props, props, (a, b) => {
      const given = [copyOf(a), copyOf(b)].map((of) => Object.freeze(of));
      mergeHandlerProps(given[0], given[1]);

      expect(given).toEqual([copyOf(a), copyOf(b)]);
    }));
  });
});

describe('default function props', () => {
  test('apply to a route that does not say otherwise', () => {
    expect(functionWith({ memorySize: 512, timeout: Duration.seconds(3) }, {})).toMatchObject({ MemorySize: 512, Timeout: 3 });
  });

  test('yield to the props of a route', () => {
    expect(functionWith({ memorySize: 512, runtime: Runtime.NODEJS_22_X }, { memorySize: 128 })).toMatchObject({ MemorySize: 128, Runtime: 'nodejs22.x' });
  });

  test('yield to the environment of a route key by key', () => {
    expect(functionWith({ environment: { A: 'default', B: 'default' } }, { environment: { B: 'route' } }).Environment.Variables)
      .toMatchObject({ A: 'default', B: 'route' });
  });

  test('hold a layer that a route imports too once', () => {
    const stack = testStack();
    const layer = (id: string) => LayerVersion.fromLayerVersionArn(stack, id, 'arn:aws:lambda:us-east-1:111111111111:layer:l:1');

    expect(mergeHandlerProps({ layers: [layer('a')] }, { layers: [layer('b')] }).layers).toHaveLength(1);
  });

  test('leave the layers out where there are none: CDK takes an empty list for some', () => {
    expect(mergeHandlerProps({}, {}).layers).toBeUndefined();
    expect(mergeHandlerProps({ layers: layersOf('a') }, {}).layers).toHaveLength(1);
  });

  test('give the layers of the defaults to no container image, whoever says that it is one', () => {
    const layers = layersOf('a');

    expect(mergeHandlerProps({ layers }, { runtime: Runtime.FROM_IMAGE }).layers).toBeUndefined();
    expect(mergeHandlerProps({ layers, runtime: Runtime.FROM_IMAGE }, {}).layers).toBeUndefined();
    expect(mergeHandlerProps({ layers, runtime: Runtime.FROM_IMAGE }, { runtime: Runtime.NODEJS_24_X }).layers).toHaveLength(1);
  });

  test('add no layer to a container image', () => {
    const defaults: HandlerProps = {
      insightsVersion: LambdaInsightsVersion.VERSION_1_0_333_0,
      paramsAndSecrets: ParamsAndSecretsLayerVersion.fromVersion(ParamsAndSecretsVersions.V1_0_103),
      memorySize: 512,
    };

    const merged = mergeHandlerProps(defaults, { runtime: Runtime.FROM_IMAGE });

    expect(merged).toMatchObject({ memorySize: 512 });
    expect(merged).not.toHaveProperty('insightsVersion');
    expect(merged).not.toHaveProperty('paramsAndSecrets');
  });

  test('come before the layers of a route', () => {
    const stack = testStack();
    const layer = (id: string) => LayerVersion.fromLayerVersionArn(stack, id, `arn:aws:lambda:us-east-1:111111111111:layer:${id}:1`);

    expect(mergeHandlerProps({ layers: [layer('a')] }, { layers: [layer('b')] }).layers!.map(({ node }) => node.id)).toEqual(['a', 'b']);
  });

  test('come before the permissions of a route', () => {
    const [first, second] = [Permissions.service('s3'), Permissions.service('sqs')];

    expect(mergeHandlerProps({ permissions: [first] }, { permissions: [second] }).permissions).toEqual([first, second]);
  });

  test('stand where a route gives undefined, as jsii does for what is left out', () => {
    expect(mergeHandlerProps({ memorySize: 512 }, { memorySize: undefined }).memorySize).toBe(512);
  });

  test('are left as they are', () => {
    const defaults = { environment: { A: '1' }, permissions: [Permissions.all()] };
    mergeHandlerProps(defaults, { environment: { B: '2' }, permissions: [Permissions.service('s3')] });

    expect(defaults.environment).toEqual({ A: '1' });
    expect(defaults.permissions).toHaveLength(1);
  });
});

describe('the environment of a route function', () => {
  test('has the callback URL', () => {
    const { WEBSOCKET_CALLBACK_URL } = functionWith({}, {}).Environment.Variables;

    expect(JSON.stringify(WEBSOCKET_CALLBACK_URL)).toContain('https://');
  });

  test('has the callback URL that the user set instead', () => {
    expect(functionWith({}, { environment: { WEBSOCKET_CALLBACK_URL: 'https://proxy.example' } }).Environment.Variables.WEBSOCKET_CALLBACK_URL)
      .toBe('https://proxy.example');
  });
});

describe('code', () => {
  test('is passed on with its handler and runtime, and nothing is looked up', () => {
    expect(functionWith({}, { code: Code.fromAsset('test/fixtures'), runtime: Runtime.RUBY_3_3 }, 'not/a.file')).toMatchObject({ Handler: 'not/a.file', Runtime: 'ruby3.3' });
  });

  test('is not bundled: to ask for both is an error, and defaults are for the other handlers', () => {
    const code = { code: Code.fromInline('x'), runtime: Runtime.NODEJS_24_X };
    const bundling = Bundling.esbuild({ minify: false });

    expect(() => functionWith({}, { ...code, bundling }, 'index.main'))
      .toThrow('route `"a"`: handler `"index.main"` has both `code` and `bundling`: code that you give is deployed as it is; leave one of them out');
    expect(() => functionWith({ bundling }, code, 'index.main')).not.toThrow();
    expect(() => functionWith({}, { ...code, bundling: Bundling.disabled() }, 'index.main')).not.toThrow();
  });

  test('needs a runtime', () => {
    expect(() => functionWith({}, { code: Code.fromInline('x') }, 'index.main'))
      .toThrow('route `"a"`: handler `"index.main"` has `code` but no `runtime`: give `runtime` too');
  });
});

function functionWith(defaultFunctionProps: HandlerProps, props: HandlerProps, handler = ECHO) {
  const stack = testStack();
  new WebSocketApi(stack, 'Api', { routes: { a: Route.toHandler(handler, props) }, defaultFunctionProps });
  return Object.entries(Template.fromStack(stack).findResources('AWS::Lambda::Function')).find(([id]) => id.startsWith('ApiRoute'))![1].Properties;
}

function layersOf(...names: string[]) {
  const stack = testStack();
  return names.map((name) => LayerVersion.fromLayerVersionArn(stack, name, `arn:aws:lambda:us-east-1:111111111111:layer:${name}:1`));
}

function copyOf(props: HandlerProps): HandlerProps {
  return { ...props, environment: { ...props.environment }, permissions: [...props.permissions ?? []], layers: [...props.layers ?? []] };
}
