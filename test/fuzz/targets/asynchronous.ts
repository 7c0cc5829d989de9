import { LambdaClient } from '@aws-sdk/client-lambda';
import fc from 'fast-check';
import { handler } from '../../../src/shipped/asynchronous';
import { Target } from '../engine';

const ROUTES = { ask: 'arn:ask', ['__proto__']: 'arn:proto' };

/** The events that are handed on to the functions of routes. */
export const asynchronous: Target<{ routeKey: string; body: string }> = {
  inputs: fc.record({ routeKey: fc.oneof(fc.constantFrom(...Object.keys(ROUTES), 'constructor', 'toString', ''), fc.string({ unit: 'binary' })), body: fc.string({ unit: 'binary' }) }),
  async run({ routeKey, body }) {
    process.env.ROUTES = JSON.stringify(ROUTES);
    const handed: any[] = [];
    LambdaClient.prototype.send = async ({ input }: any) => { handed.push(input); };
    await handler({ requestContext: { routeKey: String(routeKey) }, body } as any);
    const [{ FunctionName, Payload }] = handed;
    if (FunctionName !== Object.entries(ROUTES).find(([key]) => key === routeKey)?.[1] || JSON.parse(Payload).body !== body) { throw new TypeError('another function gets it, or something else'); }
  },
};
