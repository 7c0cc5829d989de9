// Stands in the shipped functions for `@aws-sdk/credential-provider-node`.
import { fromEnv } from '@aws-sdk/credential-provider-env';

export const defaultProvider = (init) => fromEnv(init);
