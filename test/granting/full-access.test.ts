import { Arn, CfnParameter, Fn, Resource, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CfnApp } from 'aws-cdk-lib/aws-amplify';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { Permissions } from '../../src';
import { testFunction, testStackWithEnv } from '../test-stack';

describe('a look-alike is refused', () => {
  test.each<[string, (stack: Stack) => Construct]>([
    ['whose ARN says another service', (stack) => named(stack, { keyArn: 'arn:aws:apigateway:eu-west-1::/apikeys/k' })],
    ['whose ARN is built for another service', (stack) => named(stack, { tableArn: Arn.format({ service: 'cassandra', resource: 'table', resourceName: 't' }, stack) })],
    ['whose ARN is that of another resource', (stack) => named(stack, { bucketArn: new CfnApp(stack, 'Amplify', { name: 'x' }).attrArn })],
    ['whose ARN is no text', (stack) => named(stack, { topicArn: 7 })],
  ])('%s', (_, make) => {
    expect(() => Permissions.fullAccess(make(testStackWithEnv()))).toThrow('`Permissions.fullAccess()` does not know what `Stack/R`');
  });
});

describe('a resource is known', () => {
  test.each<[string, (stack: Stack) => Construct]>([
    ['whose ARN is imported from another stack', (stack) => s3.Bucket.fromBucketArn(stack, 'R', Fn.importValue('bucket'))],
    ['whose ARN is a parameter', (stack) => kms.Key.fromKeyArn(stack, 'R', `arn:aws:kms:eu-west-1:111111111111:key/${new CfnParameter(stack, 'Key').valueAsString}`)],
    ['in another stack', (stack) => new s3.Bucket(new Stack(stack.node.root as any, 'Other'), 'R')],
  ])('%s', (_, make) => {
    expect(() => Permissions.fullAccess(make(testStackWithEnv()))).not.toThrow();
  });
});

describe('an alias of a key', () => {
  test('is its key in a policy', () => {
    const stack = testStackWithEnv();
    const target = kms.Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-west-1:111111111111:key/k');
    const fn = testFunction(stack);
    Permissions.fullAccess(new kms.Alias(stack, 'R', { aliasName: 'alias/x', targetKey: target }))._attach(fn);

    expect(JSON.stringify(Template.fromStack(stack).findResources('AWS::IAM::Policy'))).toContain('"Action":"kms:*","Effect":"Allow","Resource":"arn:aws:kms:eu-west-1:111111111111:key/k"');
  });

  test('is refused if its key is not known', () => {
    expect(() => Permissions.fullAccess(kms.Alias.fromAliasName(testStackWithEnv(), 'R', 'alias/x')))
      .toThrow('`Stack/R` is an alias whose key is not known, and a policy that names an alias permits nothing with its key: import the key');
  });
});

/** A resource of somebody's own. */
class Own extends Resource {
}

function named(stack: Stack, attributes: object): Construct {
  return Object.assign(new Own(stack, 'R'), attributes);
}
