import { IWebSocketRouteAuthorizer, WebSocketNoneAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2';
import { WebSocketIamAuthorizer, WebSocketLambdaAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { IUserPool } from 'aws-cdk-lib/aws-cognito';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { HandshakeValue } from './handshake-value';
import { CognitoOptions, cognitoSettings } from './tokens/cognito-options';
import { JwtOptions, jwtSettings } from './tokens/jwt-options';
import { Settings } from './tokens/settings';
import { TokenAuthorizer } from './tokens/token-authorizer';
import { TokenOptions } from './tokens/token-options';
import { AUTHORIZER, FUNCTION } from '../given/cdk-kinds';
import { OF_HTTP_AUTHORIZERS, OF_OTHER_FUNCTIONS } from '../given/elsewhere';
import { checkArgument, listOf, made, TEXT } from '../given/kind';
import { checkOptions, OptionsOf, splitOptions } from '../given/options';
import { FunctionSource } from '../handlers/function-source';
import { HANDLER_PROPS, HandlerProps, OF_EXISTING_FUNCTION } from '../handlers/handler-props';

/**
 * Who may connect.
 *
 * API Gateway checks it on `$connect` only. An API with authorization but without a `$connect` route would be open: that is an error
 * when the app is synthesized.
 *
 * @example
 * new WebSocketApi(this, 'Api', {
 *   routes: { '$connect': Route.toHandler('src/connect.main') },
 *   authorization: Authorization.fromHandler('src/auth.main', { identitySource: [HandshakeValue.queryString('token')] }),
 * });
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-control-access.html
 */
export class Authorization {
  /**
   * Everybody.
   */
  public static none(): Authorization {
    return new Authorization({ authorizer: new WebSocketNoneAuthorizer() });
  }

  /**
   * Clients that sign the handshake with AWS credentials (Signature Version 4) and have the permission `execute-api:Invoke`: see
   * `WebSocketApi.grantConnect`.
   *
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-control-access-iam.html
   */
  public static iam(): Authorization {
    return new Authorization({ authorizer: new WebSocketIamAuthorizer() });
  }

  /**
   * Clients that a Lambda function lets in. The function is made from its source. API Gateway calls it for each handshake and caches
   * nothing. It answers with an IAM policy of at most 8 KB.
   *
   * @param handler the file, without its extension, and the export: `src/auth.main`
   * @param props how the function is made, and what the authorizer needs
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-lambda-auth.html
   */
  public static fromHandler(handler: string, props: AuthorizerHandlerProps = {}): Authorization {
    checkArgument('`handler` of `Authorization.fromHandler()`', TEXT, handler, factoryFor);
    checkOptions('`Authorization.fromHandler()`', AUTHORIZER_HANDLER_PROPS, props, { ...OF_OTHER_FUNCTIONS, ...OF_HTTP_AUTHORIZERS });
    const [options, handlerProps] = splitOptions(props, AUTHORIZER_OPTIONS);
    return new Authorization({ source: { handler, props: handlerProps }, authorizer: lambdaAuthorizer('fromHandler', options) });
  }

  /**
   * Clients that an existing Lambda function lets in. API Gateway calls it for each handshake and caches nothing. It answers with an IAM
   * policy of at most 8 KB.
   *
   * @param fn the function, an alias or version of it, or an imported one. An error if it is in another account or Region
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-lambda-auth.html
   */
  public static fromFunction(fn: IFunction, options: AuthorizerOptions = {}): Authorization {
    checkArgument('`fn` of `Authorization.fromFunction()`', FUNCTION, fn, factoryFor);
    checkOptions('`Authorization.fromFunction()`', AUTHORIZER_OPTIONS, options, { ...OF_EXISTING_FUNCTION, ...OF_HTTP_AUTHORIZERS });
    return new Authorization({ source: { existing: fn }, authorizer: lambdaAuthorizer('fromFunction', options) });
  }

  /**
   * Clients that have a token (JWT) of an issuer of yours: Auth0, Entra ID, Keycloak, or one that you run. A function of this library
   * verifies it, with `aws-jwt-verify`.
   *
   * A token that proves nothing is answered with 401. Why is one line of JSON in the function's log, and never the token. The clocks of
   * the issuer and of Lambda may be ten seconds apart. A connection stays open when its token expires, as API Gateway has it.
   *
   * @param options whose tokens, for whom, and where they are
   * @see https://www.rfc-editor.org/rfc/rfc8725
   */
  public static jwt(options: JwtOptions): Authorization {
    return new Authorization(tokenAuthorization(jwtSettings(options), options));
  }

  /**
   * Clients that have a token of a Cognito user pool. A function of this library verifies it, with `aws-jwt-verify`.
   *
   * A token that proves nothing is answered with 401, and a user who is in none of the `groups` with 403. Why is one line of JSON in the
   * function's log, and never the token. A connection stays open when its token expires, as API Gateway has it.
   *
   * @param userPool the user pool, created or imported
   * @param options which clients and groups, and where the token is
   * @see https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-verifying-a-jwt.html
   */
  public static cognito(userPool: IUserPool, options: CognitoOptions): Authorization {
    return new Authorization(tokenAuthorization(cognitoSettings(userPool, options), options));
  }

  /**
   * Clients that an authorizer of CDK, or one of your own, lets in.
   *
   * @param authorizer the authorizer
   */
  public static fromAuthorizer(authorizer: IWebSocketRouteAuthorizer): Authorization {
    checkArgument('`authorizer` of `Authorization.fromAuthorizer()`', AUTHORIZER, authorizer, factoryFor);
    return new Authorization({ authorizer });
  }

  private constructor(private readonly kind: AuthorizationKind) {
  }

  /**
   * Whether there is anything to check.
   *
   * @internal
   */
  public get _restricts(): boolean {
    return !(this.kind.authorizer instanceof WebSocketNoneAuthorizer);
  }

  /**
   * Whether a function of the app may say which API key a client has.
   *
   * @internal
   */
  public get _mayReturnKey(): boolean {
    return this._answers && !(this.kind.authorizer instanceof TokenAuthorizer);
  }

  /**
   * Whether a function of the app, or of this library, answers with values of its own.
   *
   * @internal
   */
  public get _answers(): boolean {
    return this._restricts && !(this.kind.authorizer instanceof WebSocketIamAuthorizer);
  }

  /**
   * The keys that it answers with, if they are known here: those of a token are.
   *
   * @internal
   */
  public get _answeredKeys(): readonly string[] | undefined {
    return this.kind.authorizer instanceof TokenAuthorizer ? this.kind.authorizer.keys : undefined;
  }

  /**
   * Whether clients send their token as a subprotocol, so that the handshake has to choose one.
   *
   * @internal
   */
  public get _isTokenInSubprotocol(): boolean {
    return this.kind.authorizer instanceof TokenAuthorizer && this.kind.authorizer.isInSubprotocol;
  }

  /**
   * Whether a connection ends with its token.
   *
   * @internal
   */
  public get _closesOnExpiry(): boolean {
    return this.kind.authorizer instanceof TokenAuthorizer && this.kind.authorizer.closesOnExpiry;
  }

  /**
   * The function that `authorizer` is going to need.
   *
   * @internal
   */
  public get _source(): FunctionSource | undefined {
    return 'source' in this.kind ? this.kind.source : undefined;
  }

  /**
   * The function of the app that decides, if it is not made from source.
   *
   * @internal
   */
  public get _existing(): IFunction | undefined {
    return this._source && 'existing' in this._source ? this._source.existing : undefined;
  }

  /**
   * @param fn the function made from `_source`
   *
   * @internal
   */
  public _render(fn?: IFunction): IWebSocketRouteAuthorizer {
    return 'source' in this.kind ? this.kind.authorizer(fn!) : this.kind.authorizer;
  }
}

/**
 * Options of an authorizer that is a Lambda function.
 */
export interface AuthorizerOptions {
  /**
   * The name of the authorizer, unique in the API.
   *
   * @default "Authorizer"
   */
  readonly authorizerName?: string;

  /**
   * The values that a handshake must have, all of them, before API Gateway calls the function. With an empty list it always calls it.
   *
   * @default - the header `Authorization`. Browsers cannot send it: use `[HandshakeValue.queryString('token')]` for them
   */
  readonly identitySource?: HandshakeValue[];
}

/**
 * How the function of an authorizer is made from its source, and what the authorizer needs.
 */
export interface AuthorizerHandlerProps extends HandlerProps, AuthorizerOptions {
}

const AUTHORIZER_OPTIONS = {
  authorizerName: TEXT,
  identitySource: listOf(made(HandshakeValue)),
} satisfies OptionsOf<AuthorizerOptions>;

const AUTHORIZER_HANDLER_PROPS = { ...HANDLER_PROPS, ...AUTHORIZER_OPTIONS } satisfies OptionsOf<AuthorizerHandlerProps>;

/** The kind of an authorization, for those who take one. */
export const AUTHORIZATION = made(Authorization, factoryFor);

/** The factory that takes such a value. */
function factoryFor(value: unknown): string | undefined {
  if (typeof value === 'string' && !value.startsWith('arn:')) { return `Authorization.fromHandler(${JSON.stringify(value)})`; }
  if (FUNCTION.accepts(value)) { return 'Authorization.fromFunction(fn)'; }
  return AUTHORIZER.accepts(value) ? 'Authorization.fromAuthorizer(authorizer)' : undefined;
}

type AuthorizationKind =
  | { readonly authorizer: IWebSocketRouteAuthorizer }
  | { readonly source: FunctionSource; readonly authorizer: (fn: IFunction) => IWebSocketRouteAuthorizer };

function tokenAuthorization(settings: Settings, { token = HandshakeValue.queryString('token'), authorizerName, closeOnExpiry }: TokenOptions): AuthorizationKind {
  return { authorizer: new TokenAuthorizer(settings, token._identitySource('`token`'), authorizerName, closeOnExpiry) };
}

/** @param factory the factory of `Authorization` that the options were given to */
function lambdaAuthorizer(factory: string, { authorizerName, identitySource }: AuthorizerOptions) {
  const expressions = identitySource?.map((source) => source._identitySource(`\`identitySource\` of \`Authorization.${factory}()\``));
  return (fn: IFunction) => new WebSocketLambdaAuthorizer('Authorizer', fn, { authorizerName, identitySource: expressions });
}
