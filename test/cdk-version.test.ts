import { readFileSync } from 'node:fs';
import { version } from 'aws-cdk-lib/package.json';

/** `scripts/test.mjs` says which aws-cdk-lib a run is on; without it, the oldest is meant. */
const expected = process.env.CDK_UNDER_TEST ?? JSON.parse(readFileSync('package.json', 'utf8')).devDependencies['aws-cdk-lib'];

test('the tests run on the aws-cdk-lib that they are meant to', () => {
  expect(version).toBe(expected);
});
