import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SecretValue, Stack } from 'aws-cdk-lib';
import * as opensearch from 'aws-cdk-lib/aws-opensearchservice';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { grantMethods } from '../../src/granting/grant-methods';
import { testStackWithEnv } from '../test-stack';

describe('the grant methods', () => {
  test.each<[string, (stack: Stack) => Construct, string]>([
    ['secret, whose versions can be left out', (stack) => new secretsmanager.Secret(stack, 'R', { secretStringValue: SecretValue.unsafePlainText('x') }), 'grantRead'],
    ['bucket, whose prefix can be left out', (stack) => new s3.Bucket(stack, 'R'), 'grantPut'],
  ])('of a %s, are known', (_, make, method) => {
    expect(grantMethods(make(testStackWithEnv()))).toContain(method);
  });

  test('that need more than a grantee are not called', () => {
    const domain = opensearch.Domain.fromDomainEndpoint(testStackWithEnv(), 'R', 'https://search-x-abc.eu-west-1.es.amazonaws.com');

    expect(grantMethods(domain)).toEqual(['grantRead', 'grantReadWrite', 'grantWrite']);
  });

  test.each(['aws-cdk-lib', 'cdk-newest'])('of %s that need more are all known', (library) => {
    const types = declarations(dirname(require.resolve(`${library}/package.json`)));
    const needMore = types.flatMap((text) => [...text.matchAll(/^ {4}(grant[A-Z]\w*)\(\w+: [\w.]*(?:IGrantable|IPrincipal), (\w+: [^)]*)\)/gm)].map(([, name]) => name));

    expect(needMore).toContain('grantInvokeVersion');
    needMore.forEach((name) => expect(grantMethods({ [name]: (_grantee: unknown, _more: unknown) => {} })).toEqual([]));
  });
});

function declarations(root: string): string[] {
  return readdirSync(root).filter((name) => name.startsWith('aws-')).flatMap((module) => {
    const lib = join(root, module, 'lib');
    return readdirSync(lib).filter((name) => name.endsWith('.d.ts') && !name.endsWith('.generated.d.ts')).map((name) => readFileSync(join(lib, name), 'utf8'));
  });
}
