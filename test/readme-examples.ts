import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { AttributeType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { PublicHostedZone } from 'aws-cdk-lib/aws-route53';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { ModuleKind, transpile } from 'typescript';
import { CustomDomain, Dns, Route, WebSocketApi } from '../src';

/**
 * The TypeScript examples of the README, taken from it as they stand, by their heading and number: `readmeRoutes2`. Each builds in an
 * app what its reader would. That they compile is for `jsii-rosetta` to say.
 */
export const readmeExamples: { [name: string]: (app: App) => void } = Object.fromEntries(
  examples().map(({ name, source }) => [name, build(source)]),
);

function examples(): Array<{ name: string; source: string }> {
  const chapters = readFileSync('README.md', 'utf8').split(/^#+ /m).slice(1);
  return chapters.flatMap((chapter) => {
    const heading = /^.*/.exec(chapter)![0].replace(/\W+(\w?)/g, (_, letter) => letter.toUpperCase());
    const blocks = [...chapter.matchAll(/^```ts\n(.*?)^```/gms)];
    return blocks.map(([, source], index) => ({ name: `readme${heading[0].toUpperCase()}${heading.slice(1)}${index + 1}`, source }));
  });
}

/** What the examples import and take for given is written down for `jsii-rosetta`. */
function build(source: string): (app: App) => void {
  return (app) => {
    const [, stackClass] = /^class (\w+) extends Stack/m.exec(source) ?? [];
    const imports = /^.*?(?=^declare )/ms.exec(readFileSync('rosetta/default.ts-fixture', 'utf8'))![0].replace('\'cdk-websocket-api\'', '\'../src\'');
    const program = transpile(`${imports}
      export function build(this: any, { ${GIVEN.join(', ')} }: any) {
        {${source}
        ${stackClass ? `new ${stackClass}(this.node.root, '${stackClass}', api);` : ''}}
      }`, { module: ModuleKind.CommonJS, esModuleInterop: true });
    const module: any = {};
    new globalThis.Function('require', 'exports', program)(require, module);

    const stack = new Stack(app, 'Stack');
    inProject(() => module.build.call(stack, given(stack)));
  };
}

const GIVEN = ['table', 'bucket', 'existingFunction', 'zone', 'certificate', 'role', 'api'] as const;

function given(stack: Stack): { [name in typeof GIVEN[number]]: unknown } {
  const scope = new Construct(stack, 'Given');
  const zone = new PublicHostedZone(scope, 'Zone', { zoneName: 'domain.com' });
  const existingFunction = new Function(scope, 'Function', { code: Code.fromInline('exports.main = async () => ({ statusCode: 200 })'), handler: 'index.main', runtime: Runtime.NODEJS_24_X });
  return {
    table: new TableV2(scope, 'Table', {
      partitionKey: { name: 'id', type: AttributeType.STRING },
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    }),
    bucket: new Bucket(scope, 'Bucket', { enforceSSL: true }),
    existingFunction,
    zone,
    certificate: Certificate.fromCertificateArn(scope, 'Certificate', 'arn:aws:acm:eu-west-1:111111111111:certificate/00000000-0000-0000-0000-000000000000'),
    role: new Role(scope, 'Role', { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com') }),
    api: new WebSocketApi(scope, 'Api', {
      routes: { sendMessage: Route.toFunction(existingFunction) },
      customDomain: CustomDomain.fromName('shared.domain.com', { dns: Dns.fromHostedZone(zone), path: 'v1' }),
    }),
  };
}

/** Does something where the handlers of the examples are. */
function inProject(work: () => void) {
  const home = process.cwd();
  const project = mkdtempSync(join(tmpdir(), 'readme-'));
  try {
    for (const path of ['src/connect.ts', 'src/disconnect.ts', 'src/default.ts', 'src/sendMessage.ts', 'src/order.ts', 'src/auth.ts', 'handlers/default.ts']) {
      write(join(project, path), "export async function main() { return { statusCode: 200, body: 'done' }; }");
    }
    write(join(project, 'target/handler.jar'), '');
    write(join(project, 'templates/welcome.txt'), 'Welcome');
    write(join(project, 'node_modules/sharp/package.json'), '{}');
    process.chdir(project);
    work();
  } finally {
    process.chdir(home);
    rmSync(project, { recursive: true });
  }
}

function write(file: string, contents: string) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, contents);
}
