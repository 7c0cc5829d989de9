import { Duration } from 'aws-cdk-lib';

/*
 * The defaults of a function that is invoked asynchronously for a message. A late or repeated answer is worse than none.
 */

export const TIMEOUT = Duration.minutes(5);
export const MAX_EVENT_AGE = Duration.minutes(1);
export const RETRY_ATTEMPTS = 0;
