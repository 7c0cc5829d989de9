import { listed, Notice, ReadApp } from './notice';
import { endpointVariable, serviceEndpoint } from '../../definition/service-endpoint';

/** Services that functions call for their work, by the prefix of their actions: what they are called, and how the SDKs name them. */
const SERVICES: ReadonlyMap<string, readonly [name: string, sdk: string]> = new Map(Object.entries({
  'appconfig': ['AppConfig', 'appconfigdata'],
  'bedrock': ['Bedrock', 'bedrock-runtime'],
  'cognito-idp': ['Cognito user pools', 'cognito-identity-provider'],
  'dynamodb': ['DynamoDB', 'dynamodb'],
  'events': ['EventBridge', 'eventbridge'],
  'firehose': ['Firehose', 'firehose'],
  'kinesis': ['Kinesis', 'kinesis'],
  'rds-data': ['the RDS Data API', 'rds-data'],
  's3': ['S3', 's3'],
  'scheduler': ['EventBridge Scheduler', 'scheduler'],
  'secretsmanager': ['Secrets Manager', 'secrets-manager'],
  'ses': ['SES', 'sesv2'],
  'sns': ['SNS', 'sns'],
  'sqs': ['SQS', 'sqs'],
  'ssm': ['the Parameter Store', 'ssm'],
  'states': ['Step Functions', 'sfn'],
}));

/** A table, and no DynamoDB: functions would call the real one, which refuses the credentials that they have here. */
export const absentTables: Notice = (app) => {
  const { tables, keepsTables, env } = app;
  if (keepsTables || !usesTables(app) || serviceEndpoint('dynamodb', env) !== undefined) { return []; }
  const what = tables.length === 1 ? `the table ${listed(tables.map(({ path }) => path))}` : `the tables ${listed(tables.map(({ path }) => path))}`;
  const one = tables.length === 1;
  return [`the app has ${what}, but no DynamoDB to keep ${one ? 'it' : 'them'} in: install dynalite, which the gateway then starts `
    + '(`npm install --save-dev dynalite`, or `npx -p cdk-websocket-api -p dynalite cdk-websocket-api local`), or set `AWS_ENDPOINT_URL_DYNAMODB` '
    + `in the environment or the env file to one on this machine; the ${one ? 'table is' : 'tables are'} created there`];
};

/** What roles allow, and nothing here answers. */
export const absentServices: Notice = (app) => {
  const services = [...calledServices(app)]
    .filter((prefix) => SERVICES.has(prefix) && !(prefix === 'dynamodb' && app.tables.length > 0))
    .map((prefix) => SERVICES.get(prefix)!)
    .filter(([, sdk]) => serviceEndpoint(sdk, app.env) === undefined)
    .sort(([one], [other]) => one.localeCompare(other));
  if (services.length === 0) { return []; }
  return [`the app calls ${services.map(([name]) => name).join(', ')}, but no endpoint on this machine is given for ${services.length === 1 ? 'it' : 'them'}, `
    + `so these calls fail here: set ${services.map(([, sdk]) => `\`${endpointVariable(sdk)}\``).join(', ')}`];
};

/** Whether a function or an integration may use a table of the app. A role that is not known may do everything. */
export function usesTables(app: ReadApp): boolean {
  const services = calledServices(app);
  const unknown = app.served.some(({ role }) => role?.statements === undefined);
  return app.tables.length > 0 && (unknown || services.has('dynamodb') || services.has('*'));
}

function calledServices({ apis, served }: ReadApp): Set<string> {
  const actions = served.flatMap(({ role }) => role?.statements ?? []).filter(({ effect }) => effect === 'Allow').flatMap((one) => one.actions ?? []);
  const targets = apis.flatMap(({ routes }) => [...routes.values()].flatMap(({ integration }) => integration?.target ?? []));
  const uris = targets.filter(({ kind }) => kind === 'service').map(({ uri }) => uri);
  return new Set([
    ...actions.map((action) => action.split(':')[0]),
    ...uris.flatMap((uri) => /^arn:[^:]*:apigateway:[^:]*:([\w-]+):(?:path|action)\//.exec(uri)?.[1] ?? []),
  ]);
}
