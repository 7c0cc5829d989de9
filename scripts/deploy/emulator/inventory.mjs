// All that there is in the emulator, kind by kind, so that what a deployment leaves behind is found whatever it is.
import assert from 'node:assert/strict';
import { elements } from './emulator.mjs';

const names = (name) => (list) => list.map((one) => one[name]);

/** How each kind is listed. */
const KINDS = {
  'API': async (emulator) => names('apiId')((await emulator.rest('apigateway', 'GET', '/v2/apis')).items),
  'domain': async (emulator) => names('domainName')((await emulator.rest('apigateway', 'GET', '/v2/domainnames')).items),
  'API key': async (emulator) => names('name')((await emulator.rest('apigateway', 'GET', '/apikeys')).item),
  'usage plan': async (emulator) => names('name')((await emulator.rest('apigateway', 'GET', '/usageplans')).item),
  'function': async (emulator) => (
    names('FunctionName')((await emulator.rest('lambda', 'GET', '/2015-03-31/functions?MaxItems=1000')).Functions)
  ),
  'table': async (emulator) => (await emulator.json('dynamodb', 'DynamoDB_20120810.ListTables', {})).TableNames,
  'log group': async (emulator) => (
    names('logGroupName')((await emulator.json('logs', 'Logs_20140328.DescribeLogGroups', {})).logGroups)
  ),
  'bus': async (emulator) => names('Name')((await emulator.json('events', 'AWSEvents.ListEventBuses', {})).EventBuses),
  'state machine': async (emulator) => (
    names('name')((await emulator.json('states', 'AWSStepFunctions.ListStateMachines', {})).stateMachines)
  ),
  'stream': async (emulator) => (await emulator.json('kinesis', 'Kinesis_20131202.ListStreams', {})).StreamNames,
  'queue': async (emulator) => (await emulator.json('sqs', 'AmazonSQS.ListQueues', {})).QueueUrls ?? [],
  'certificate': async (emulator) => (
    names('CertificateArn')((await emulator.json('acm', 'CertificateManager.ListCertificates', {})).CertificateSummaryList)
  ),
  'topic': async (emulator) => elements(await emulator.query('sns', 'ListTopics'), 'TopicArn'),
  'role': async (emulator) => elements(await emulator.query('iam', 'ListRoles', { MaxItems: 1000 }), 'RoleName'),
  'policy': async (emulator) => elements(await emulator.query('iam', 'ListPolicies', { Scope: 'Local', MaxItems: 1000 }), 'PolicyName'),
  'alarm': async (emulator) => elements(await emulator.query('monitoring', 'DescribeAlarms'), 'AlarmName'),
  'dashboard': async (emulator) => elements(await emulator.query('monitoring', 'ListDashboards'), 'DashboardName'),
  'record': async (emulator) => {
    const ids = elements(String(await emulator.rest('route53', 'GET', '/2013-04-01/hostedzone')), 'Id');
    const zones = ids.filter((id) => id.startsWith('/hostedzone/'));
    const records = await Promise.all(zones.map((id) => emulator.rest('route53', 'GET', `/2013-04-01${id}/rrset`)));
    return records.flatMap((xml) => elements(String(xml), 'ResourceRecordSet'))
      .map((xml) => `${elements(xml, 'Type')[0]} ${elements(xml, 'Name')[0]}`);
  },
};

/** @returns what there is, each as `<kind> <name>`, sorted */
export async function inventory(emulator) {
  const found = await Promise.all(Object.entries(KINDS).map(async ([kind, list]) => (
    (await list(emulator)).map((name) => `${kind} ${name}`)
  )));
  return found.flat().sort();
}

/**
 * Fails if something is left that had to be deleted, or gone that had to stay.
 *
 * @param retained what has to stay, by name
 * @returns what is left, in words
 */
export function leftovers(before, after, retained) {
  const left = after.filter((one) => !before.includes(one));
  // The service makes the log groups of functions. The role is in no stack, so that it stays.
  const outside = left.filter((one) => /^log group \/aws\/lambda\//.test(one) || /^role ApiGatewayLogs-/.test(one));
  const ofStacks = left.filter((one) => !outside.includes(one));
  assert.deepEqual(ofStacks.map((one) => one.replace(/^(log group|stream|table) /, '')).sort(), [...retained].sort());
  assert.equal(outside.filter((one) => one.startsWith('role ')).length, 1);
  return [...ofStacks, `${outside.length - 1} log groups of functions`, 'the log role'].join(', ');
}
