import { apiModel, backendOf } from './fake-backend';
import { PrincipalModel } from '../../src/local/definition/model';
import { integrationHost } from '../../src/local/integration-host';

const ROLE = 'arn:aws:iam::111111111111:role/caller';
const DEVELOPER = { accessKeyId: 'key', secretAccessKey: 'secret', sessionToken: 'token' };

const principal: PrincipalModel = {
  arn: ROLE,
  name: 'caller',
  path: 'Stack/Caller',
  statements: [{ effect: 'Allow', actions: ['sqs:SendMessage'], resources: ['*'], conditions: { StringEquals: { 'aws:RequestedRegion': 'us-east-1' } } }],
};

function hostOf(region: string) {
  const backend = backendOf(apiModel([]));
  return integrationHost(apiModel([], { region }), { ...backend, model: { ...backend.model, principals: [principal] } }, {}, DEVELOPER);
}

test('each API has its own Region, whichever API is the first', () => {
  expect(hostOf('us-east-1').region).toBe('us-east-1');
  expect(hostOf('ap-south-1').region).toBe('ap-south-1');
});

test('a condition on the Region is about the one where the service is called', () => {
  const host = hostOf('eu-west-1');

  expect(host.isAllowed(ROLE, 'sqs:SendMessage', 'arn:aws:sqs:us-east-1:111111111111:queue', 'us-east-1')).toBe(true);
  expect(host.isAllowed(ROLE, 'sqs:SendMessage', 'arn:aws:sqs:eu-west-1:111111111111:queue', 'eu-west-1')).toBe(false);
});

test('a role that the assembly does not have calls with the credentials of the developer', () => {
  expect(hostOf('eu-west-1').credentialsFor('arn:aws:iam::111111111111:role/elsewhere')).toBe(DEVELOPER);
  expect(hostOf('eu-west-1').credentialsFor(ROLE)).not.toBe(DEVELOPER);
});
