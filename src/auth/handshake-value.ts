import { Token } from 'aws-cdk-lib';
import { checkArgument, TEXT } from '../given/kind';

/**
 * A value of the handshake that an authorizer needs. If one of them is missing, API Gateway answers 401 and does not call the function.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-lambda-auth.html
 */
export class HandshakeValue {
  /**
   * A header of the handshake. Browsers cannot send headers with a WebSocket: use `queryString` for them.
   *
   * @param name the name of the header, such as `Authorization`. An error if it is empty or no HTTP token
   */
  public static header(name: string): HandshakeValue {
    return new HandshakeValue('header', `route.request.header.${name}`, name, /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/);
  }

  /**
   * A parameter of the handshake's query string: `wss://…?token=…`. Browsers can send it.
   *
   * @param name the name of the parameter. An error if it is empty or has white space or one of `&=#?`
   */
  public static queryString(name: string): HandshakeValue {
    return new HandshakeValue('queryString', `route.request.querystring.${name}`, name, /^[^\s&=#?]+$/);
  }

  /**
   * A variable of the stage.
   *
   * @param name the name of the variable. An error if it has other characters than letters, digits and `_`
   */
  public static stageVariable(name: string): HandshakeValue {
    return new HandshakeValue('stageVariable', `stageVariables.${name}`, name, /^\w+$/);
  }

  /**
   * A value of the request's context, such as `identity.sourceIp`.
   *
   * @param name the name without `$context.`. An error if it has other characters than letters, digits, `_` and `.`
   */
  public static context(name: string): HandshakeValue {
    return new HandshakeValue('context', `context.${name}`, name, /^\w+(\.\w+)*$/);
  }

  private constructor(factory: string, private readonly expression: string, name: string, allowed: RegExp) {
    checkArgument(`\`name\` of \`HandshakeValue.${factory}()\``, TEXT, name);
    if (!Token.isUnresolved(name) && !allowed.test(name)) {
      throw new Error(`\`HandshakeValue.${factory}(${JSON.stringify(name)})\` is no name that API Gateway accepts: write the name alone, such as \`"${EXAMPLES[factory]}"\``);
    }
  }

  /** @internal */
  public _render(): string {
    return this.expression;
  }
}

const EXAMPLES: { [factory: string]: string } = {
  header: 'Authorization',
  queryString: 'token',
  stageVariable: 'tenant',
  context: 'identity.sourceIp',
};
