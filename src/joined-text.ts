import { Aws, IResolvable, IResolveContext, Reference, Stack, Token, Tokenization } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/** By stack and by text, so that equal texts stay equal. */
const joined = new WeakMap<Stack, Map<string, string>>();

/**
 * The same text in the template, for what stands there once for each route. CDK resolves a text three times, token by token. This is one
 * token, of which all but the names of resources is joined beforehand.
 *
 * It is for templates alone: nobody sees in it where the text has its slashes.
 *
 * @param scope a construct of the stack that the text is from
 * @returns the text itself if nothing is gained, or if it has tokens that may stand for anything
 */
export function joinedText(scope: IConstruct, text: string): string {
  if (!Token.isUnresolved(text)) { return text; }
  const stack = Stack.of(scope);
  const texts = joined.get(stack) ?? new Map<string, string>();
  joined.set(stack, texts);
  const known = texts.get(text) ?? join(stack, text);
  texts.set(text, known);
  return known;
}

function join(stack: Stack, text: string): string {
  const fragments = Tokenization.reverseString(text);
  const constants = pseudoParameters();
  const isKnown = (token: IResolvable) => constants.has(token) || (Reference.isReference(token) && Stack.of(token.target) === stack);
  if (fragments.length === 1 || !fragments.tokens.every(isKnown)) { return text; }
  const parts: unknown[] = fragments
    .mapTokens({ mapToken: (token) => constants.get(token) ?? token })
    .join({ join: (left, right) => [left, right].flat() });
  return Token.asString(new JoinedText(stack, text, { 'Fn::Join': ['', parts] }));
}

/** Those that texts about APIs have, as they are in a template. */
function pseudoParameters(): Map<IResolvable | undefined, object> {
  return new Map([
    [Aws.PARTITION, 'AWS::Partition'], [Aws.REGION, 'AWS::Region'], [Aws.ACCOUNT_ID, 'AWS::AccountId'], [Aws.URL_SUFFIX, 'AWS::URLSuffix'],
  ].map(([token, name]) => [Tokenization.reverseCompleteString(token), { Ref: name }]));
}

class JoinedText implements IResolvable {
  public readonly creationStack: string[] = [];

  constructor(private readonly stack: Stack, private readonly text: string, private readonly expression: object) {
  }

  public resolve({ preparing, scope }: IResolveContext): unknown {
    // Another stack has to import what the text refers to.
    if (Stack.of(scope) !== this.stack) { return this.text; }
    // While CDK prepares, it looks for references to other stacks, and for nothing else.
    return preparing ? '' : this.expression;
  }

  public toString(): string {
    return Token.asString(this);
  }

  public toJSON(): string {
    return this.text;
  }
}
