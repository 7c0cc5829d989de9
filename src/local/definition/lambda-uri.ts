/** The function in `arn:aws:apigateway:region:lambda:path/2015-03-31/functions/<arn>/invocations`, stage variables filled in. */
export function functionArnOf(uri: string, stageVariables: Readonly<Record<string, string>>): string {
  const filled = withStageVariables(uri, stageVariables);
  return /\/functions\/(.+)\/invocations$/.exec(filled)?.[1] ?? filled;
}

/** `${stageVariables.name}`, filled in. */
export function withStageVariables(text: string, stageVariables: Readonly<Record<string, string>>): string {
  return text.replace(/\$\{stageVariables\.(\w+)\}/g, (_, name: string) => stageVariables[name] ?? '');
}
