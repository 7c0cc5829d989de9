import { authorizerOf } from './authorizer';

/** The shipped function: lets in the clients whose token is good. */
export const handler = authorizerOf(process.env);
