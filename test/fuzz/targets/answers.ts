import fc from 'fast-check';
import { recordOf } from './text';
import { authorize } from '../../../src/local/dispatch/authorizer';
import { Exchange } from '../../../src/local/dispatch/exchange';
import { parseProxyAnswer } from '../../../src/local/dispatch/proxy-answer';
import { validateBody } from '../../../src/local/dispatch/request-model';
import { callRoute } from '../../../src/local/dispatch/route-target';
import { Result } from '../../../src/local/lambda/functions';
import { apiModel, peer, placeIn, routeModel } from '../../local/fake-backend';
import { Target } from '../engine';

const json = fc.jsonValue({ maxDepth: 2 });
const type = fc.constantFrom('object', 'string', 'array', 'number', 'nonsense');

/** What functions answer: as a route, as an authorizer, with an error. */
export const answers: Target<{ answer: any; functionError: boolean }> = {
  inputs: fc.record({
    answer: fc.oneof(
      fc.record({ statusCode: fc.oneof(fc.integer(), json), headers: json, multiValueHeaders: json, body: json }, { requiredKeys: ['statusCode'] }),
      fc.record({ principalId: fc.string(), context: json, policyDocument: json, usageIdentifierKey: json }),
      fc.record({ errorType: json, errorMessage: json }),
      json,
    ),
    functionError: fc.boolean(),
  }),
  async run({ answer, functionError }) {
    const payload = JSON.stringify(answer) ?? 'null';
    said(parseProxyAnswer(payload));
    const result: Result = { requestId: 'r', payload, durationMillis: 1, functionError: functionError === true ? 'Unhandled' : undefined };
    const functions = { invoke: async () => result, refusal: () => undefined };
    const route = routeModel('r');
    const exchange = Exchange.connect(peer(), placeIn(apiModel([route])), {});
    said(await callRoute(route, exchange, { functions, runIntegration: async () => { throw new Error('none'); } }));
    const authorizer = { type: 'CUSTOM', id: 'i', name: 'n', functionArn: 'arn:aws:lambda:eu-west-1:111111111111:function:f', identitySource: [] } as const;
    said(await authorize(authorizer, exchange, functions, () => ({})));
  },
};

/** What messages have to look like. */
export const models: Target<{ schema: any; body: string }> = {
  inputs: fc.record({
    schema: fc.letrec((tie) => ({
      schema: fc.record({
        type,
        properties: fc.dictionary(fc.string(), tie('schema'), { maxKeys: 2 }),
        items: tie('schema'),
        pattern: fc.constantFrom('^a', '(', '[a-z]+'),
        required: fc.array(fc.string()),
        $ref: fc.constantFrom('#', '#/properties/a', 'https://apigateway.amazonaws.com/restapis/x/models/y'),
        enum: fc.array(json),
        minLength: fc.integer(),
        format: fc.string(),
      }, { requiredKeys: [] }),
    })).schema,
    body: fc.oneof(fc.json({ maxDepth: 3 }), fc.string()),
  }),
  confined: true,
  run: ({ schema, body }) => said(validateBody(schema, body, new Map([['y', recordOf(schema).items]]))),
};

/** A reason that nobody has written is one that nobody has thought of. */
function said(outcome: unknown): void {
  const reason = typeof outcome === 'string' ? outcome : recordOf(outcome).reason;
  if (typeof reason === 'string' && /Maximum call stack|Cannot (?:read|convert)|is not (?:a function|iterable)/.test(reason)) { throw new TypeError(reason); }
}
