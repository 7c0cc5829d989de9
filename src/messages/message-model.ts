import { existsSync, readFileSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { Annotations, Names, Token } from 'aws-cdk-lib';
import { CfnModel } from 'aws-cdk-lib/aws-apigatewayv2';
import { Construct } from 'constructs';
import { faultOf, isMap } from './draft-04';
import { referenceFaultOf } from './reference';
import { misfitOf, Selection } from './selected-route';
import { checkArgument, Kind, TEXT } from '../given/kind';
import { nameOfValue } from '../given/value';

/** The quota of API Gateway for a model. */
const MAX_BYTES = 400 * 1024;

/** What the reference of API Gateway's own API says of the length of a schema. */
const DOCUMENTED_LENGTH = 32768;

/**
 * What the messages of a route look like: a JSON schema, draft 4.
 *
 * API Gateway checks each message before it calls the route's target. A client whose message does not fit, or is no JSON, gets
 * `{"message" : "Bad request body", "connectionId": "…", "messageId": "…"}`, and the connection stays open. `cdk-websocket-api asyncapi`
 * writes the schemas of all routes into one document, from which clients can be generated.
 *
 * @example
 * new WebSocketApi(this, 'Api', {
 *   routes: {
 *     'say': Route.toHandler('src/say.main', {
 *       model: MessageModel.fromJsonSchema({
 *         'type': 'object',
 *         'required': ['text'],
 *         'properties': { 'text': { 'type': 'string', 'maxLength': 1000 } },
 *       }),
 *     }),
 *   },
 * });
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-request-validation.html
 */
export class MessageModel {
  /**
   * A schema that is written in the app.
   *
   * @param schema a JSON schema of draft 4 with at most 400 KB. A keyword that draft 4 does not have, such as `const` or `$id`, is an
   * error, and so is a `$ref` that leads nowhere, or out of the schema to something else than a model of the API
   */
  public static fromJsonSchema(schema: { [key: string]: any }): MessageModel {
    checkArgument('`schema` of `MessageModel.fromJsonSchema()`', JSON_SCHEMA, schema);
    return new MessageModel(schema, lengthOf(schema, '`schema` of `MessageModel.fromJsonSchema()`'));
  }

  /**
   * A schema in a JSON file.
   *
   * @param path the file, relative to the working directory. An error if there is none, if it is no JSON, or if `fromJsonSchema` does not
   * take what is in it
   */
  public static fromFile(path: string): MessageModel {
    checkArgument('`path` of `MessageModel.fromFile()`', TEXT, path);
    const name = `\`${JSON.stringify(path)}\` of \`MessageModel.fromFile()\``;
    if (Token.isUnresolved(path)) { throw new Error('`path` of `MessageModel.fromFile()` is a token: the file is read when the app runs; write its path'); }
    if (!existsSync(path)) {
      throw new Error(`${name} does not exist${isAbsolute(path) ? '' : `: \`${resolve(path)}\` was looked for; the path is relative to the working directory`}`);
    }
    const schema = parse(readFileSync(path, 'utf8'), name);
    if (!isMap(schema)) { throw new Error(`${name} holds ${nameOfValue(schema)}, but takes a JSON schema: an object`); }
    return new MessageModel(schema, lengthOf(schema, name));
  }

  private constructor(private readonly schema: { readonly [key: string]: unknown }, private readonly length: number) {
  }

  /**
   * Makes the model of a route, below it.
   *
   * @param selection what selects the route, if a field of the message alone does, and it is known
   *
   * @internal
   */
  public _bind(scope: Construct, apiId: string, selection?: Selection): CfnModel {
    const misfit = selection && misfitOf(this.schema, selection, Token.isUnresolved);
    if (misfit !== undefined) {
      Annotations.of(scope).addWarningV2('cdk-websocket-api:modelRefusesRoute',
        `API Gateway refuses every message of \`${scope.node.path}\` as a bad request: its model ${misfit}`);
    }
    if (this.length > DOCUMENTED_LENGTH) {
      Annotations.of(scope).addWarningV2('cdk-websocket-api:modelLength',
        `the model of \`${scope.node.path}\` has ${this.length} characters: AWS's table of quotas allows 400 KB, and the reference of its API ${DOCUMENTED_LENGTH} characters; ` +
        'if the deployment fails, describe less of the message');
    }
    const model = new CfnModel(scope, 'Model', { apiId, name: '', contentType: 'application/json', schema: this.schema });
    // Letters and digits, as API Gateway wants it; of the construct's path, so that it is another one where the route has moved.
    model.name = Names.uniqueResourceName(model, { maxLength: 128 });
    return model;
  }
}

const JSON_SCHEMA: Kind = {
  takes: 'a JSON schema: an object, such as `{ type: \'object\', required: [\'text\'] }`',
  distinctive: false,
  accepts: isMap,
  check: (value, what) => {
    if (!isMap(value)) {
      const instead = typeof value === 'string' ? ': for a file, write `MessageModel.fromFile()`' : '';
      throw new Error(`${what} is ${nameOfValue(value)}, but takes ${JSON_SCHEMA.takes}${instead}`);
    }
  },
};

function parse(text: string, name: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new Error(`${name} is no JSON: ${(error as Error).message}`);
  }
}

/**
 * The length of a schema as text.
 *
 * @throws Error if API Gateway would not take it
 */
function lengthOf(schema: { readonly [key: string]: unknown }, what: string): number {
  const text = written(schema, what);
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_BYTES) { throw new Error(`${what} has ${bytes} bytes: API Gateway allows ${MAX_BYTES}, 400 KB, for a model`); }
  const fault = faultOf(schema, Token.isUnresolved) ?? referenceFaultOf(schema, Token.isUnresolved);
  if (fault !== undefined) { throw new Error(`${what} is no schema that API Gateway takes: ${fault}`); }
  return text.length;
}

function written(schema: unknown, what: string): string {
  try {
    return JSON.stringify(schema);
  } catch (error) {
    throw new Error(`${what} cannot be written as JSON: ${(error as Error).message.split('\n')[0]}`);
  }
}
