import { Stack, Token } from 'aws-cdk-lib';
import { IWebSocketRouteAuthorizer, WebSocketRouteAuthorizerBindOptions, WebSocketRouteAuthorizerConfig } from 'aws-cdk-lib/aws-apigatewayv2';
import { WebSocketLambdaAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { Tracing } from 'aws-cdk-lib/aws-lambda';
import { ALWAYS, nameInContext } from './claims';
import { Settings } from './settings';
import { createShippedFunction } from '../../handlers/shipped-function';

/** Lets in the clients whose token the shipped function `jwt-authorizer` takes. */
export class TokenAuthorizer implements IWebSocketRouteAuthorizer {
  /** @param identitySource where the token is, as API Gateway reads it: without one, it answers 401 by itself */
  constructor(
    private readonly settings: Settings,
    private readonly identitySource: string,
    private readonly authorizerName?: string,
    public readonly closesOnExpiry = false,
  ) {
  }

  /** Of the context that functions see. Undefined if a claim is not known before the app is deployed. */
  public get keys(): string[] | undefined {
    const { claims } = this.settings;
    return claims.some((claim) => Token.isUnresolved(claim)) ? undefined : ['principalId', ...ALWAYS, ...claims.map(nameInContext)];
  }

  public get isInSubprotocol(): boolean {
    return this.settings.token.place === 'subprotocol';
  }

  public bind(options: WebSocketRouteAuthorizerBindOptions): WebSocketRouteAuthorizerConfig {
    const { called } = createShippedFunction(options.scope, 'AuthorizerFunction', 'jwt-authorizer', {
      description: 'Verifies the tokens of clients that connect',
      tracing: Tracing.DISABLED,
    }, {
      environment: { TOKENS: Stack.of(options.scope).toJsonString(this.settings) },
    });
    const { authorizerName, identitySource } = this;
    return new WebSocketLambdaAuthorizer('Authorizer', called, { authorizerName, identitySource: [identitySource] }).bind(options);
  }
}
