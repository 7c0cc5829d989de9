import { App, Stack, StackProps } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';

/** A handler that is found from the root of the repository. */
export const ECHO = 'test/fixtures/echo.main';

/** An app that bundles nothing: most tests look at templates, not at assets. */
export function testApp(context: { [name: string]: unknown } = {}): App {
  return new App({ context: { 'aws:cdk:bundling-stacks': [], ...context } });
}

export function testStack(props: StackProps = {}, app: App = testApp()): Stack {
  return new Stack(app, 'Stack', props);
}

/** A stack where hosted zones can be looked up. */
export function testStackWithEnv(app: App = testApp()): Stack {
  return testStack({ env: { account: '111111111111', region: 'eu-west-1' } }, app);
}

export function testFunction(scope: Construct, id = 'Function'): Function {
  return new Function(scope, id, { code: Code.fromInline('exports.main = async () => ({})'), handler: 'index.main', runtime: Runtime.NODEJS_24_X });
}

/** The properties of the only resource of a type. */
export function only(template: Template, type: string): any {
  const found = Object.values(template.findResources(type));
  if (found.length !== 1) {
    throw new Error(`expected one ${type}, found ${found.length}`);
  }
  return found[0];
}

/** The texts of the warnings that a user would see. */
export function warnings(app: App): string[] {
  const all = app.synth().stacks.flatMap(({ messages }) => messages.filter(({ level }) => level === 'warning').map(({ entry }) => String(entry.data)));
  // A newer CDK has advice of its own about references between stacks.
  return all.filter((text) => !text.includes('@aws-cdk/core:crossStackReferences'));
}
