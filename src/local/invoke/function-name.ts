/** A function as a caller names it. */
export interface FunctionName {
  readonly name: string;
  readonly qualifier?: string;
  /** Undefined if the caller means its own. */
  readonly account?: string;
  readonly region?: string;
  readonly partition?: string;
}

const PARTS = /^(?:arn:([\w-]+):lambda:([\w-]+):)?(?:(\d{12}):)?(?:function:)?([\w-]{1,140})(?::([\w$-]{1,128}))?$/;

/**
 * A name, part of an ARN or an ARN, as Lambda takes them; undefined if it is none of them.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
export function parseFunctionName(text: string, qualifier?: string): FunctionName | undefined {
  const [, partition, region, account, name, own] = PARTS.exec(text) ?? [];
  // Both may be given, if they are the same.
  if (name === undefined || (own !== undefined && qualifier !== undefined && own !== qualifier)) { return undefined; }
  return { name, qualifier: own ?? qualifier, account, region, partition };
}
