import { Aws, Stack } from 'aws-cdk-lib';
import { checkPlace, placeOfArn } from '../../src/given/environment';
import { testStack, testStackWithEnv } from '../test-stack';

const check = (stack: Stack, account?: string, region?: string) => checkPlace(stack, '`thing`', { account, region }, 'take another');

test('what is in the account and Region of the stack passes', () => {
  expect(() => check(testStackWithEnv(), '111111111111', 'eu-west-1')).not.toThrow();
});

test.each([
  ['account', '222222222222', 'eu-west-1', '`thing` is in account `"222222222222"`, but `Stack` is in `"111111111111"`: take another'],
  ['Region', '111111111111', 'us-east-1', '`thing` is in Region `"us-east-1"`, but `Stack` is in `"eu-west-1"`: take another'],
])('what is in another %s is an error', (_, account, region, message) => {
  expect(() => check(testStackWithEnv(), account, region)).toThrow(message);
});

test('what only CloudFormation knows passes, and so does what does not matter', () => {
  expect(() => check(testStackWithEnv(), Aws.ACCOUNT_ID, Aws.REGION)).not.toThrow();
  expect(() => check(testStack(), '222222222222', 'us-east-1')).not.toThrow();
  expect(() => check(testStackWithEnv(), undefined, undefined)).not.toThrow();
});

test.each([
  ['arn:aws:acm:us-east-1:111111111111:certificate/x', { account: '111111111111', region: 'us-east-1' }],
  ['arn:aws:logs:us-east-1:111111111111:log-group:/aws/x:*', { account: '111111111111', region: 'us-east-1' }],
  ['arn:aws:iam::111111111111:role/x', { account: '111111111111', region: undefined }],
  [`arn:aws:acm:${Aws.REGION}:111111111111:certificate/x`, {}],
])('%s says where it is', (arn, place) => {
  expect(placeOfArn(arn)).toEqual(place);
});
