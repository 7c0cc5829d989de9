// Compares what is in the emulator with the templates that were deployed, through the APIs of each service.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ACCOUNT, elements, REGION } from './emulator/emulator.mjs';
import { filesOfZip, sha256 } from './zip.mjs';

/** An intrinsic function that is still one. */
const UNRESOLVED = /\$\{AWS|"Ref"|Fn::/;

/** @returns the physical ids of each stack's resources, by stack and logical id: `Chat/ApiStage4697DF29` */
export async function deployedResources(emulator, stacks) {
  const all = new Map();
  for (const stack of stacks) {
    const xml = await emulator.query('cloudformation', 'DescribeStackResources', { StackName: stack });
    for (const resource of elements(elements(xml, 'StackResources')[0], 'member')) {
      const [id, physicalId, type, status] = ['LogicalResourceId', 'PhysicalResourceId', 'ResourceType', 'ResourceStatus']
        .map((name) => elements(resource, name)[0]);
      all.set(`${stack}/${id}`, { id, physicalId, type, status });
    }
  }
  return all;
}

/**
 * @param templates by stack
 * @returns how many resources there are
 */
export async function checkDeployed(emulator, assembly, templates) {
  const deployed = await deployedResources(emulator, [...templates.keys()]);
  const resources = [...templates].flatMap(([stack, { Resources }]) => (
    Object.entries(Resources).map(([id, resource]) => ({ stack, id, ...resource }))
  ));
  const wanted = resources.map(({ stack, id }) => `${stack}/${id}`);
  assert.deepEqual([...deployed.keys()].sort(), wanted.sort(), 'the resources are those of the templates');
  const incomplete = [...deployed.values()].filter(({ status }) => !/^(CREATE|UPDATE)_COMPLETE$/.test(status));
  assert.deepEqual(incomplete, [], 'every resource is complete');

  const physical = (stack, id) => deployed.get(`${stack}/${id}`).physicalId;
  const of = (type) => resources.filter(({ Type }) => Type === type);
  const context = { emulator, assembly, physical };
  await checkRoutes(context, of('AWS::ApiGatewayV2::Route'), of('AWS::ApiGatewayV2::Integration'), [...deployed.values()]);
  await Promise.all([
    ...of('AWS::Lambda::Function').map((fn) => checkFunction(context, fn)),
    ...of('AWS::IAM::Policy').map((policy) => checkPolicy(context, policy)),
    ...of('AWS::DynamoDB::Table').map((table) => checkTable(context, table)),
    ...of('AWS::ApiGatewayV2::Stage').map((stage) => checkStage(context, stage)),
  ]);
  return resources.length;
}

async function checkRoutes({ emulator, physical }, routes, integrations, deployed) {
  const apiId = deployed.find(({ type }) => type === 'AWS::ApiGatewayV2::Api').physicalId;
  const { items } = await emulator.rest('apigateway', 'GET', `/v2/apis/${apiId}/routes?maxResults=300`);
  const found = items.map(({ routeKey, authorizationType, authorizerId, apiKeyRequired, operationName, target }) => (
    { routeKey, authorizationType, authorizerId, apiKeyRequired, operationName, target }
  ));
  const wanted = routes.map(({ stack, Properties: route }) => ({
    routeKey: route.RouteKey,
    authorizationType: route.AuthorizationType,
    authorizerId: route.AuthorizerId && physical(stack, route.AuthorizerId.Ref),
    apiKeyRequired: route.ApiKeyRequired ?? false,
    operationName: route.OperationName,
    target: `integrations/${physical(stack, references(route.Target)[0])}`,
  }));
  assert.deepEqual(byRouteKey(found), byRouteKey(wanted), 'the routes are those of the templates');

  for (const { stack, id, Properties: wantedIntegration } of integrations) {
    const integration = await emulator.rest('apigateway', 'GET', `/v2/apis/${apiId}/integrations/${physical(stack, id)}`);
    assert.equal(integration.integrationType, wantedIntegration.IntegrationType, `the type of ${id}`);
    const named = references(wantedIntegration.IntegrationUri).map((one) => nameOf(physical(stack, one)));
    const { integrationUri } = integration;
    assert.ok(named.every((name) => integrationUri.includes(name)), `${id} leads to ${named}, not to ${integrationUri}`);
  }
}

/** What is not set is empty or null in some places. */
function byRouteKey(routes) {
  return Object.fromEntries(routes.map(({ routeKey, ...route }) => [
    routeKey, Object.fromEntries(Object.entries(route).filter(([, value]) => value !== undefined && value !== null && value !== '')),
  ]));
}

/** A function has its settings, and exactly the files of its asset. */
async function checkFunction({ emulator, assembly, physical }, { stack, id, Properties: wanted, Metadata }) {
  const { Configuration: found } = await emulator.rest('lambda', 'GET', `/2015-03-31/functions/${physical(stack, id)}`);
  const settings = ({ Runtime, Handler, Timeout = 3, MemorySize = 128 }) => ({ Runtime, Handler, Timeout, MemorySize });
  assert.deepEqual(settings(found), settings(wanted), `the settings of ${id}`);
  const environment = ({ Environment }) => Environment?.Variables ?? {};
  assert.deepEqual(Object.keys(environment(found)).sort(), Object.keys(environment(wanted)).sort(), `the environment of ${id}`);
  assert.deepEqual(Object.values(environment(found)).filter((value) => UNRESOLVED.test(value)), [], `the environment of ${id} is resolved`);

  if (wanted.Code.S3Key === undefined) { return; }
  const bucket = (wanted.Code.S3Bucket['Fn::Sub'] ?? wanted.Code.S3Bucket).replace('${AWS::AccountId}', ACCOUNT).replace('${AWS::Region}', REGION);
  const zip = await emulator.rest('s3', 'GET', `/${bucket}/${wanted.Code.S3Key}`);
  assert.equal(found.CodeSha256, sha256(zip), `${id} has the code of its asset`);
  assert.deepEqual(await filesOfZip(zip), filesOf(join(assembly, Metadata['aws:asset:path'])), `the asset of ${id} has its files`);
}

/** Inline policies of roles allow what the template says. */
async function checkPolicy({ emulator, physical }, { stack, id, Properties: wanted }) {
  for (const { Ref } of (wanted.Roles ?? []).filter((role) => role.Ref !== undefined)) {
    const xml = await emulator.query('iam', 'GetRolePolicy', { RoleName: physical(stack, Ref), PolicyName: wanted.PolicyName });
    const text = elements(xml, 'PolicyDocument')[0];
    const document = JSON.parse(decodeURIComponent(text.replaceAll('&quot;', '"').replaceAll('&amp;', '&')));
    const actions = ({ Statement }) => Statement.map(({ Action }) => [Action].flat().sort());
    assert.deepEqual(actions(document), actions(wanted.PolicyDocument), `the actions of ${id}`);
    assert.doesNotMatch(JSON.stringify(document), UNRESOLVED, `the resources of ${id} are resolved`);
  }
}

async function checkTable({ emulator, physical }, { stack, id, Properties: wanted }) {
  const TableName = physical(stack, id);
  const { Table } = await emulator.json('dynamodb', 'DynamoDB_20120810.DescribeTable', { TableName });
  assert.deepEqual(Table.KeySchema, wanted.KeySchema, `the key of ${id}`);
  const indexes = ({ GlobalSecondaryIndexes = [] }) => GlobalSecondaryIndexes.map(({ IndexName }) => IndexName);
  assert.deepEqual(indexes(Table), indexes(wanted), `the indexes of ${id}`);
  const { TimeToLiveDescription } = await emulator.json('dynamodb', 'DynamoDB_20120810.DescribeTimeToLive', { TableName });
  assert.equal(TimeToLiveDescription.AttributeName, undefined,
    'the emulator has learnt the time to live: take it out of IGNORED, and compare it with the template here');
}

async function checkStage({ emulator, physical }, { stack, id, Properties: wanted }) {
  const found = await emulator.rest('apigateway', 'GET', `/v2/apis/${physical(stack, wanted.ApiId.Ref)}/stages/${physical(stack, id)}`);
  const { StageName, AutoDeploy, StageVariables = {}, AccessLogSettings } = wanted;
  assert.deepEqual([found.stageName, found.autoDeploy, found.stageVariables], [StageName, AutoDeploy, StageVariables], `the settings of ${id}`);
  assert.equal(found.accessLogSettings?.format, AccessLogSettings?.Format, `the format of the access log of ${id}`);
  for (const logGroup of references(AccessLogSettings?.DestinationArn)) {
    assert.ok(found.accessLogSettings.destinationArn.includes(physical(stack, logGroup)), `${id} writes to ${logGroup}`);
  }
}

/** The physical id of a queue is its URL. */
function nameOf(physicalId) {
  return physicalId.replace(/^https?:.*\//, '');
}

/** The logical ids in a value. */
function references(value) {
  return [...JSON.stringify(value ?? null).matchAll(/"(?:Ref":|Fn::GetAtt":\[)"([A-Za-z0-9]+)"/g)].map(([, id]) => id);
}

function filesOf(path) {
  const files = readdirSync(path, { recursive: true }).map((name) => join(path, name)).filter((file) => statSync(file).isFile());
  return Object.fromEntries(files.map((file) => [relative(path, file).replaceAll('\\', '/'), sha256(readFileSync(file))]).sort());
}
