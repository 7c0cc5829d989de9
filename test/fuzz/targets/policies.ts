import fc from 'fast-check';
import { recordOf, text, textsOf } from './text';
import { isAllowed, statementsOf } from '../../../src/local/iam/iam-policy';
import { Target } from '../engine';

const OPERATORS = [
  'StringEquals', 'StringNotEquals', 'StringLike', 'StringEqualsIgnoreCase', 'ArnLike', 'ArnNotEquals', 'Bool', 'Null', 'IpAddress', 'NotIpAddress', 'NumericLessThan', 'DateGreaterThan', 'BinaryEquals',
  'ForAllValues:StringLike', 'ForAnyValue:StringEquals', 'StringLikeIfExists', 'constructor', '__proto__', 'ForAllValues:',
];
const VALUES = ['*', '?', '${', '}', '${aws:SourceIp}', "${aws:none, 'x'}", '${*}', 'a', 'arn:aws:execute-api:eu-west-1:111111111111:api/', '10.0.0.0/8', '::/0', 'fe80::1%lo', '/', '33', '1', '2026-01-01', 'true'];
const value = fc.oneof(text(VALUES, 5), fc.array(text(VALUES, 5), { maxLength: 3 }));

/** IAM policies: of roles, and of what authorizers answer. */
export const policies: Target<{ document: unknown; context: object }> = {
  inputs: fc.record({
    document: fc.record({
      Statement: fc.array(fc.record({
        Effect: fc.constantFrom('Allow', 'Deny'),
        Action: fc.oneof(fc.constant('execute-api:Invoke'), value),
        Resource: fc.oneof(fc.constant('*'), value),
        Condition: fc.dictionary(fc.constantFrom(...OPERATORS), fc.dictionary(fc.constantFrom('aws:SourceIp', 'aws:none', 'a'), value), { maxKeys: 2 }),
      }, { requiredKeys: ['Effect', 'Action', 'Resource'] }), { maxLength: 3 }),
    }),
    context: fc.dictionary(fc.constantFrom('aws:SourceIp', 'a', 'constructor'), fc.oneof(fc.constantFrom('10.1.2.3', '::1', 'fe80::1', ''), fc.string())),
  }),
  run({ document, context }) {
    const request = { action: 'execute-api:Invoke', resource: 'arn:aws:execute-api:eu-west-1:111111111111:a1b2c3d4e5/dev/$connect', context: () => textsOf(recordOf(context)) };
    const statements = statementsOf(document);
    const decision = isAllowed(statements, request);
    // Whatever they say, no statement of a policy takes away what another denies.
    const denials = statements.filter(({ effect }) => effect === 'Deny');
    if (isAllowed(denials, request) === 'allow' || (isAllowed(denials, request) === 'explicit-deny') !== (decision === 'explicit-deny')) {
      throw new TypeError(`${decision}, against what is denied`);
    }
  },
};
