import { Arn, CfnParameter, Fn, Resource, Stack } from 'aws-cdk-lib';
import { CfnApp } from 'aws-cdk-lib/aws-amplify';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { Permissions } from '../../src';
import { testStackWithEnv } from '../test-stack';

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

/** A resource of somebody's own. */
class Own extends Resource {
}

function named(stack: Stack, attributes: object): Construct {
  return Object.assign(new Own(stack, 'R'), attributes);
}
