import { oneOf } from '../../given/kind';

/**
 * What a token of a Cognito user pool is for.
 *
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-with-identity-providers.html
 */
export enum TokenUse {
  /**
   * What the client may do: the token that is made for APIs.
   */
  ACCESS = 'access',

  /**
   * Who the user is: name, e-mail address, and attributes of your own.
   */
  ID = 'id',
}

export const TOKEN_USE = oneOf('a `TokenUse`', Object.values(TokenUse));
