import { CognitoJwtVerifier } from 'aws-jwt-verify/cognito-verifier';
import {
  CognitoJwtInvalidClientIdError, CognitoJwtInvalidGroupError, CognitoJwtInvalidTokenUseError, FetchError, JwksValidationError,
  JwkValidationError, JwtExpiredError, JwtInvalidAudienceError, JwtInvalidIssuerError, JwtInvalidSignatureAlgorithmError,
  JwtInvalidSignatureError, JwtNotBeforeError, JwtParseError, JwtWithoutValidKidError, KidNotFoundInJwksError,
  ParameterValidationError, WaitPeriodNotYetEndedJwkError,
} from 'aws-jwt-verify/error';
import { Jwks } from 'aws-jwt-verify/jwk';
import { JwtHeader } from 'aws-jwt-verify/jwt-model';
import { JwtVerifier } from 'aws-jwt-verify/jwt-verifier';
import { fetchedKeys, givenKeys } from './jwks';
import { Refusal } from './refusal';
import { IssuerSettings, Settings, UserPoolSettings } from '../../auth/tokens/settings';

/** What a token says that has been verified. */
export type Claims = { readonly [name: string]: unknown } & { readonly exp: number };

/** Verifies a token, or throws a `Refusal`. Any other error means that it could not be verified now. */
export type Verify = (token: string) => Promise<Claims>;

/** How far the clocks of the issuer and of Lambda may be apart. */
const GRACE_SECONDS = 10;

/** @param environment where `AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER` leads to a stand-in for Cognito, as the SDKs have it */
export function verification({ issuer, userPool }: Settings, environment: NodeJS.ProcessEnv): Verify {
  const verifier = userPool ? ofUserPool(userPool, environment.AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER) : ofIssuer(issuer!);
  return async (token) => {
    try {
      return await verifier.verify(token) as unknown as Claims;
    } catch (error) {
      throw judged(error as Error);
    }
  };
}

function ofIssuer({ issuer, audience, jwksUri, jwks }: IssuerSettings) {
  const keys = jwksUri === undefined ? givenKeys(jwks as Jwks) : fetchedKeys();
  const verifier = JwtVerifier.create({ issuer, audience, jwksUri: jwksUri ?? issuer, ...CHECKS }, { jwksCache: keys });
  if (jwks) { verifier.cacheJwks(jwks as Jwks); }
  return verifier;
}

function ofUserPool({ userPoolId, clients, groups, tokenUse }: UserPoolSettings, endpoint: string | undefined) {
  const keys = fetchedKeys(endpoint === undefined ? undefined : `${endpoint.replace(/\/$/, '')}/${userPoolId}/.well-known/jwks.json`);
  return CognitoJwtVerifier.create({ userPoolId, clientId: clients ?? null, groups, tokenUse, ...CHECKS }, { jwksCache: keys });
}

const CHECKS = {
  graceSeconds: GRACE_SECONDS,
  customJwtCheck({ header, payload }: { header: JwtHeader; payload: { exp?: number } }) {
    // Extensions that the token says must be understood, and are not: RFC 7515, section 4.1.11.
    if ('crit' in header) { throw new Refusal(401, 'the token has a critical extension'); }
    if (payload.exp === undefined) { throw new Refusal(401, 'the token never expires'); }
  },
};

/** The words for the log: those of the library hold what the token says. */
const REASONS: Array<[type: new (...args: any[]) => Error, status: 401 | 403, reason: string]> = [
  [JwtParseError, 401, 'the token is no JWT'],
  [JwtInvalidSignatureAlgorithmError, 401, 'the token is not signed by an algorithm of its key'],
  [JwtWithoutValidKidError, 401, 'the token does not name its key'],
  [KidNotFoundInJwksError, 401, 'the token names a key that its issuer does not have'],
  [WaitPeriodNotYetEndedJwkError, 401, 'the token names a key that its issuer does not have'],
  [JwtInvalidSignatureError, 401, 'the signature of the token is wrong'],
  [JwtInvalidIssuerError, 401, 'the token is of another issuer'],
  // The issuer is none that the verifier of a user pool knows.
  [ParameterValidationError, 401, 'the token is of another issuer'],
  [JwtInvalidAudienceError, 401, 'the token is for another audience'],
  [JwtExpiredError, 401, 'the token has expired'],
  [JwtNotBeforeError, 401, 'the token is not valid yet'],
  [CognitoJwtInvalidTokenUseError, 401, 'the token is for another use'],
  [CognitoJwtInvalidClientIdError, 401, 'the token is of another client'],
  [CognitoJwtInvalidGroupError, 403, 'the user is in none of the groups'],
];

/** Not the client's fault. */
const NOT_VERIFIED = [FetchError, JwksValidationError, JwkValidationError];

function judged(error: Error): Error {
  if (error instanceof Refusal || NOT_VERIFIED.some((type) => error instanceof type)) { return error; }
  const [, status, reason] = REASONS.find(([type]) => error instanceof type) ?? [undefined, 401, `the token cannot be verified (${error.name})`] as const;
  return new Refusal(status, reason);
}
