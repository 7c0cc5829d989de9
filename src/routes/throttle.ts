import { ThrottleSettings } from 'aws-cdk-lib/aws-apigatewayv2';
import { NUMBER } from '../given/kind';
import { OptionsOf } from '../given/options';

export const THROTTLE_SETTINGS = { rateLimit: NUMBER, burstLimit: NUMBER } satisfies OptionsOf<ThrottleSettings>;
