import { IWebSocketRouteAuthorizer, WebSocketNoneAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2';
import { WebSocketIamAuthorizer, WebSocketLambdaAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { FunctionDefinition } from './function-definition';
import { IdentitySource } from './identity-source';

/**
 * Who may connect.
 *
 * API Gateway asks on `$connect` only: so an API with any authorization but `none()` and without a `$connect` route would be open, and
 * is an error when the app is synthesized.
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
   * Clients that sign the handshake with AWS credentials (Signature Version 4) and may `execute-api:Invoke` it: see
   * `WebSocketApi.grantConnect`.
   *
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-control-access-iam.html
   */
  public static iam(): Authorization {
    return new Authorization({ authorizer: new WebSocketIamAuthorizer() });
  }

  /**
   * Clients that a Lambda function lets in. It is called for each handshake, its answer is an IAM policy of at most 8 KB, and nothing
   * is cached.
   *
   * @param definition the function
   * @param options options of the authorizer
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-lambda-auth.html
   */
  public static custom(definition: FunctionDefinition, options: CustomAuthorizationOptions = {}): Authorization {
    return new Authorization({ definition, options });
  }

  /**
   * What an authorizer of CDK, or of your own, decides.
   *
   * @param authorizer the authorizer
   */
  public static fromAuthorizer(authorizer: IWebSocketRouteAuthorizer): Authorization {
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
    return !('authorizer' in this.kind && this.kind.authorizer instanceof WebSocketNoneAuthorizer);
  }

  /**
   * The function that `authorizer` is going to need.
   *
   * @internal
   */
  public get _definition(): FunctionDefinition | undefined {
    return 'definition' in this.kind ? this.kind.definition : undefined;
  }

  /**
   * @param fn what became of `_definition`
   *
   * @internal
   */
  public _render(fn?: IFunction): IWebSocketRouteAuthorizer {
    if ('authorizer' in this.kind) { return this.kind.authorizer; }
    const { authorizerName, identitySource } = this.kind.options;
    return new WebSocketLambdaAuthorizer('Authorizer', fn!, {
      authorizerName,
      identitySource: identitySource?.map((source) => source._render()),
    });
  }
}

/**
 * Options of an authorizer that is a Lambda function.
 */
export interface CustomAuthorizationOptions {
  /**
   * The name of the authorizer, unique in the API.
   *
   * @default "Authorizer"
   */
  readonly authorizerName?: string;

  /**
   * What the handshake has to have before the function is called; all of them. An empty list calls the function always.
   *
   * @default - the header `Authorization`, which browsers cannot send: `[IdentitySource.queryString('token')]` is for them
   */
  readonly identitySource?: IdentitySource[];
}

type AuthorizationKind =
  | { readonly authorizer: IWebSocketRouteAuthorizer }
  | { readonly definition: FunctionDefinition; readonly options: CustomAuthorizationOptions };
