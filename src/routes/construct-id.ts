import { Stack, Stage } from 'aws-cdk-lib';
import { Construct, IConstruct } from 'constructs';

/**
 * A construct as an id in another place: its path in its stack. Across stacks the name of its stack tells it apart. The construct id of a
 * stack and the `cdk.Stage` that the app is deployed to do not matter.
 */
export function idIn(scope: Construct, construct: IConstruct): string {
  const stack = topStack(construct);
  const path = stack === construct ? construct.node.path : construct.node.path.slice(stack.node.path.length + 1);
  return escapeId(stack === topStack(scope) ? path : `${nameOf(stack)}/${path}`);
}

/** Ids cannot have slashes: CDK would replace them, and two texts could become one. */
export function escapeId(text: string): string {
  return text.replace(/[%/]/g, encodeURIComponent);
}

/** Nested stacks belong to the stack that they are deployed with. */
function topStack(construct: IConstruct): Stack {
  let stack = Stack.of(construct);
  while (stack.nestedStackParent) { stack = stack.nestedStackParent; }
  return stack;
}

/** The name of a stack, without the prefix that it has from its `cdk.Stage`. */
function nameOf(stack: Stack): string {
  const prefix = `${Stage.of(stack)?.stageName ?? ''}-`;
  return stack.stackName.startsWith(prefix) ? stack.stackName.slice(prefix.length) : stack.stackName;
}
