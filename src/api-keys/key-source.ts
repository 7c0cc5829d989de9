import { WebSocketApiKeySelectionExpression } from 'aws-cdk-lib/aws-apigatewayv2';
import { ApiSource } from '../api-source';
import { Authorization } from '../auth/authorization';

/**
 * Checks that API Gateway can find keys where `source` says.
 *
 * @param path the path of the API's construct
 */
export function checkKeySource(
  path: string, source: WebSocketApiKeySelectionExpression | undefined, api: ApiSource, authorization: Authorization,
): void {
  if (!source) { return; }
  const what = `\`source\` of the \`apiKeys\` of \`${path}\``;
  if (api._exists) {
    throw new Error(`${what} cannot be set together with an API that exists: set it where the API is created`);
  }
  if (api._hasKeySource) {
    throw new Error(`${what} and \`apiKeySelectionExpression\` in \`ApiSource.fromProps()\` say the same: leave out one of them`);
  }
  if (source.customApiKeySelector.includes('$context.authorizer.') && !authorization._mayReturnKey) {
    throw new Error(`${what} is \`${source.customApiKeySelector}\`, but \`authorization\` calls no function that returns it: ` +
      'give `Authorization.fromHandler()`, or have clients send the header `x-api-key`');
  }
}
