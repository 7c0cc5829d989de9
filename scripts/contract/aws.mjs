// The app of the contract on AWS: what it takes, deployed, and gone again.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { APIGatewayClient, GetAccountCommand } from '@aws-sdk/client-api-gateway';
import { APP } from './gateway.mjs';
import { run, runOrThrow } from '../commands.mjs';

const STACK = 'cdk-websocket-api-contract';
/** No name of this domain leads anywhere. */
const NOWHERE = 'https://nowhere.example.com/';
const show = (text) => process.stdout.write(text);

export class AwsApp {
  /** The app for the account and the Region of whoever runs this. */
  static async synthesize({ without }) {
    const app = new AwsApp(without);
    try {
      await app.synthesize({ accessLog: false });
      // API Gateway writes access logs if the account has a role for that. This neither sets one nor takes one away.
      const { cloudwatchRoleArn } = await new APIGatewayClient({ region: app.region }).send(new GetAccountCommand({}));
      app.hasLogRole = Boolean(cloudwatchRoleArn);
      if (app.hasLogRole) { await app.synthesize({ accessLog: true }); }
      return app;
    } catch (error) {
      app.forget();
      throw error;
    }
  }

  constructor(without) {
    this.without = without;
    this.folder = mkdtempSync(join(tmpdir(), 'contract-'));
    this.assembly = join(this.folder, 'cdk.out');
  }

  async synthesize({ accessLog }) {
    const options = JSON.stringify({ onAws: true, nowhere: NOWHERE, accessLog, without: this.without });
    await runOrThrow('npx', ['cdk', 'synth', '--quiet', '--app', ['node', ...APP].join(' '), '--output', this.assembly], { env: { CONTRACT_APP: options } });
    const { environment } = JSON.parse(readFileSync(join(this.assembly, 'manifest.json'), 'utf8')).artifacts[STACK];
    [, this.account, this.region] = /^aws:\/\/([^/]+)\/([^/]+)$/.exec(environment);
    if (!/^\d{12}$/.test(this.account)) { throw new Error('the CDK finds no AWS credentials: log in, and set `AWS_PROFILE` and `AWS_REGION`'); }
  }

  /** What you should know before. */
  get announcement() {
    const { Resources } = JSON.parse(readFileSync(join(this.assembly, `${STACK}.template.json`), 'utf8'));
    return `This deploys the stack ${STACK} (${Object.keys(Resources).length} resources) to the account ${this.account} in ${this.region}, sends it some
hundred messages, and tears it down again, whatever happens. It takes about a quarter of an hour and costs less than 10 cents.
* The account has to be bootstrapped for the CDK in ${this.region} (\`npx cdk bootstrap\`).
* As long as it is there, everybody can reach its APIs and one HTTP endpoint. They answer with what they are sent, and can do nothing else.
* The files of its functions stay in the bucket of the CDK: a few kilobytes. Nothing else stays.${this.hasLogRole ? '' : `
* API Gateway has no role for logs in this account, and gets none: rows about the access log are not replayed.`}`;
  }

  /** @returns what a place on AWS is: see test/local/contract/place/aws-place.ts */
  async deploy() {
    const file = join(this.folder, 'outputs.json');
    const { status } = await run('npx', ['cdk', 'deploy', '--app', this.assembly, '--require-approval', 'never', '--outputs-file', file], { onOutput: show });
    if (status !== 0) { throw new Error('the app was not deployed: the CDK says which resource failed. If AWS refuses an API, `--without <api>` leaves it out'); }
    return describe(JSON.parse(readFileSync(file, 'utf8'))[STACK], this);
  }

  /** Takes down whatever is there, even if it is half of the app. */
  async destroy() {
    const { status } = await run('npx', ['cdk', 'destroy', '--force', '--app', this.assembly], { onOutput: show });
    if (status !== 0) {
      throw new Error(`the stack ${STACK} may still be there: run \`npm run contract -- --aws --destroy\`, or delete it in the console of CloudFormation`);
    }
  }

  forget() {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function describe(outputs, { account, region }) {
  const named = (prefix) => (
    Object.entries(outputs).filter(([name]) => name.startsWith(prefix)).map(([name, value]) => [name.slice(prefix.length), value])
  );
  const apis = named('Url').map(([, url]) => {
    const { hostname, pathname } = new URL(url);
    const stage = pathname.slice(1);
    return [stage === 'dev' ? 'main' : stage, { id: hostname.split('.')[0], stage, url }];
  });
  const { LogGroup: logGroup, AccessLogGroup: accessLogGroup } = outputs;
  return { account, region, apis: Object.fromEntries(apis), roles: Object.fromEntries(named('Role')), logGroup, accessLogGroup };
}
