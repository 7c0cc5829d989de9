import { Token } from 'aws-cdk-lib';
import { checkArgument, TEXT } from '../given/kind';

/** Where a value of the handshake is. */
export type HandshakePlace = 'header' | 'queryString' | 'stageVariable' | 'context' | 'subprotocol' | 'authorizer';

/**
 * A value that a handshake carries: what an authorizer needs, where the token is, or who the client is.
 *
 * @example
 * new WebSocketApi(this, 'Api', {
 *   routes: { '$connect': Route.toHandler('src/connect.main') },
 *   authorization: Authorization.fromHandler('src/auth.main', { identitySource: [HandshakeValue.queryString('token')] }),
 * });
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-lambda-auth.html
 */
export class HandshakeValue {
  /**
   * A header of the handshake. Browsers cannot send headers with a WebSocket: use `queryString` or `subprotocol` for them.
   *
   * @param name the name of the header, such as `Authorization`. An error if it is empty or no HTTP token
   */
  public static header(name: string): HandshakeValue {
    return new HandshakeValue('header', name, /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/);
  }

  /**
   * A parameter of the handshake's query string: `wss://…?token=…`. Browsers can send it.
   *
   * @param name the name of the parameter. An error if it is empty or has white space or one of `&=#?`
   */
  public static queryString(name: string): HandshakeValue {
    return new HandshakeValue('queryString', name, /^[^\s&=#?]+$/);
  }

  /**
   * A variable of the stage.
   *
   * @param name the name of the variable. An error if it has other characters than letters, digits and `_`
   */
  public static stageVariable(name: string): HandshakeValue {
    return new HandshakeValue('stageVariable', name, /^\w+$/);
  }

  /**
   * A value of the request's context, such as `identity.sourceIp`.
   *
   * @param name the name without `$context.`. An error if it has other characters than letters, digits, `_` and `.`
   */
  public static context(name: string): HandshakeValue {
    return new HandshakeValue('context', name, /^\w+(\.\w+)*$/);
  }

  /**
   * The subprotocols that the client asks for, which are the one header that a browser can choose: `new WebSocket(url, ['bearer', jwt])`.
   */
  public static subprotocol(): HandshakeValue {
    return new HandshakeValue('subprotocol', 'Sec-WebSocket-Protocol', /./);
  }

  /**
   * A value of the context that the authorizer has answered with, such as `sub`. No client can make it up. An error where it is read before
   * the authorizer is called, as in `identitySource`. With `Authorization.jwt()` or
   * `.cognito()`, an error if it is no claim that functions see.
   *
   * @param key the key in the context, or `principalId`. An error if it has other characters than letters, digits, `_` and `-`. The
   * claims of a token have `_` there instead of other characters: `custom_tenant` for `custom:tenant`
   */
  public static authorizer(key: string): HandshakeValue {
    return new HandshakeValue('authorizer', key, /^[\w-]+$/);
  }

  private constructor(
    /** @internal */
    public readonly _place: HandshakePlace,
    /** @internal */
    public readonly _name: string,
    allowed: RegExp,
  ) {
    checkArgument(`\`name\` of \`HandshakeValue.${_place}()\``, TEXT, _name);
    if (!Token.isUnresolved(_name) && !allowed.test(_name)) {
      throw new Error(`\`HandshakeValue.${_place}(${JSON.stringify(_name)})\` is no name that API Gateway accepts: write the name alone, such as \`"${exampleOf(_place, _name)}"\``);
    }
  }

  /**
   * Whether the client alone says what it is.
   *
   * @internal
   */
  public get _isChosenByClient(): boolean {
    return this._place === 'header' || this._place === 'queryString' || this._place === 'subprotocol';
  }

  /**
   * The expression that API Gateway reads it by before it calls an authorizer.
   *
   * @param owner whose identity source it is, as an error calls it
   *
   * @internal
   */
  public _identitySource(owner: string): string {
    switch (this._place) {
      case 'header': case 'subprotocol': return `route.request.header.${this._name}`;
      case 'queryString': return `route.request.querystring.${this._name}`;
      case 'stageVariable': return `stageVariables.${this._name}`;
      case 'context': return `context.${this._name}`;
      case 'authorizer': throw new Error(`${owner} cannot have \`HandshakeValue.authorizer(${JSON.stringify(this._name)})\`: ` +
        'the authorizer has not answered yet when API Gateway reads it; name what the client sends, such as `HandshakeValue.queryString("token")`');
    }
  }
}

/** What to write instead of a name that is none. */
function exampleOf(place: HandshakePlace, name: string): string {
  const inContext = name.replace(/\W/g, '_');
  return place === 'authorizer' && /\w/.test(name) ? inContext : EXAMPLES[place];
}

const EXAMPLES: { readonly [place in HandshakePlace]: string } = {
  header: 'Authorization',
  queryString: 'token',
  stageVariable: 'tenant',
  context: 'identity.sourceIp',
  subprotocol: '',
  authorizer: 'sub',
};
