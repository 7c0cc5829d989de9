import { contextOf } from './context';
import { Refusal } from './refusal';
import { HandshakeEvent, tokenOf } from './token-source';
import { verification } from './verification';
import { Settings } from '../../auth/tokens/settings';

/** What API Gateway takes from an authorizer. */
export interface AuthorizerAnswer {
  readonly principalId: string;
  readonly policyDocument: object;
  readonly context: object;
}

/** Lets in the clients whose token is good. API Gateway answers 401 if an authorizer fails with one text, and 403 if it denies. */
export function authorizerOf(environment: NodeJS.ProcessEnv): (event: HandshakeEvent) => Promise<AuthorizerAnswer> {
  const settings: Settings = JSON.parse(environment.TOKENS!);
  // Kept between handshakes, with the keys that were fetched.
  const verify = verification(settings, environment);
  return async (event) => {
    try {
      const claims = await verify(tokenOf(event, settings.token));
      return answer('Allow', event, String(claims.sub ?? 'client'), contextOf(claims, settings.claims));
    } catch (error) {
      if (!(error instanceof Refusal)) {
        log(event, 500, `the token could not be verified: ${(error as Error).message}`);
        throw new Error('the token could not be verified');
      }
      log(event, error.status, error.reason);
      if (error.status === 401) { throw new Error('Unauthorized'); }
      return answer('Deny', event, 'refused');
    }
  };
}

function answer(Effect: 'Allow' | 'Deny', { methodArn }: HandshakeEvent, principalId: string, context: object = {}): AuthorizerAnswer {
  return {
    principalId,
    policyDocument: { Version: '2012-10-17', Statement: [{ Action: 'execute-api:Invoke', Effect, Resource: methodArn }] },
    context,
  };
}

/** One line of JSON, and nothing of the token in it. */
function log({ requestContext }: HandshakeEvent, status: number, reason: string): void {
  process.stdout.write(`${JSON.stringify({ level: 'WARN', message: 'handshake refused', status, reason, requestId: requestContext?.requestId })}\n`);
}
