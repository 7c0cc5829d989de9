/*
 * What the construct tells the shipped function `jwt-authorizer`.
 */

/** Where the token is in a handshake. Header names are in lower case. */
export interface TokenPlace {
  readonly place: 'header' | 'queryString' | 'subprotocol';
  readonly name: string;
}

/** Tokens of an issuer. */
export interface IssuerSettings {
  readonly issuer: string;
  readonly audience: string[];
  /** Left out if keys are never fetched. */
  readonly jwksUri?: string;
  readonly jwks?: { readonly keys: object[] };
}

/** Tokens of a Cognito user pool. */
export interface UserPoolSettings {
  readonly userPoolId: string;
  /** The ids of the clients whose tokens do. Left out for any. */
  readonly clients?: string[];
  /** One of these is needed. */
  readonly groups?: string[];
  readonly tokenUse: 'access' | 'id';
}

/** As JSON in the variable `TOKENS`. */
export interface Settings {
  readonly token: TokenPlace;
  /** The claims that the context has, besides those that it always has. */
  readonly claims: string[];
  readonly issuer?: IssuerSettings;
  readonly userPool?: UserPoolSettings;
}
