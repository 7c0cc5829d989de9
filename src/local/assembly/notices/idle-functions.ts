import { Notice, ReadApp } from './notice';
import { asRecord, asText } from '../../definition/json-value';
import { FunctionModel } from '../../definition/model';
import { Resource } from '../template/resource';

/** Resources that have AWS call a function. */
const CALLERS: ReadonlyMap<string, string> = new Map(Object.entries({
  'AWS::ApiGateway::Method': 'a REST API',
  'AWS::ApiGatewayV2::Integration': 'an HTTP API',
  'AWS::AppSync::DataSource': 'AppSync',
  'AWS::Cognito::UserPool': 'a user pool',
  'AWS::Events::Rule': 'a rule or schedule',
  'AWS::IoT::TopicRule': 'IoT',
  'AWS::Lambda::EventSourceMapping': 'a queue or stream',
  'AWS::Lambda::Url': 'a function URL',
  'AWS::Pipes::Pipe': 'a pipe',
  'AWS::S3::Bucket': 'a bucket',
  'AWS::Scheduler::Schedule': 'a schedule',
  'AWS::SNS::Subscription': 'a topic',
  'AWS::StepFunctions::StateMachine': 'a state machine',
  'Custom::S3BucketNotifications': 'a bucket',
}));

/** How many are named. */
const MOST = 8;

/** Functions that no route or authorizer calls, so that nothing here does. Those that only a deployment calls are of no interest. */
export const idleFunctions: Notice = (app) => {
  const served = new Set(app.served.map(({ arn }) => arn));
  const ofDeployments = deploymentFunctions(app);
  const idle = app.functions.filter(({ arn }) => !served.has(arn) && !ofDeployments.has(arn));
  if (idle.length === 0) { return []; }
  const callers = app.resources.all.filter(({ type }) => CALLERS.has(type)).map((resource) => ({ resource, text: textOf(resource) }));
  const named = idle.slice(0, MOST).map((fn) => {
    const behind = new Set(callers.filter(({ text }) => mentions(text, fn)).map(({ resource }) => CALLERS.get(resource.type)));
    return `\`${fn.path}\`${behind.size === 0 ? '' : ` (behind ${[...behind].join(', ')})`}`;
  });
  return [`no route leads to ${named.join(', ')}${idle.length > MOST ? ` and ${idle.length - MOST} more` : ''}: nothing calls ${idle.length === 1 ? 'it' : 'them'} here, but \`cdk-websocket-api invoke <function>\` does`];
};

/** Behind custom resources, and what those call in turn. */
function deploymentFunctions({ resources, functions }: ReadApp): Set<string> {
  const found = new Set(resources.all.flatMap((resource) => asText(resource.tokenOfCustomResource) ?? []));
  let size: number;
  do {
    size = found.size;
    for (const { environment } of functions.filter(({ arn }) => found.has(arn))) {
      const text = JSON.stringify(environment);
      functions.filter((fn) => mentions(text, fn)).forEach(({ arn }) => found.add(arn));
    }
  } while (found.size > size);
  return found;
}

function textOf(resource: Resource): string {
  return JSON.stringify(asRecord(resource.properties));
}

/** By its ARN, also with a qualifier, or by its name as a value of its own. */
function mentions(text: string, { arn, name }: FunctionModel): boolean {
  const after = text[text.indexOf(arn) + arn.length];
  return (text.includes(arn) && !/[\w-]/.test(after ?? '')) || text.includes(JSON.stringify(name));
}
