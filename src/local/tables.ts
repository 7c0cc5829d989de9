import { Model } from './definition/model';
import { serviceEndpoint } from './definition/service-endpoint';
import { Credentials } from './iam/callers';
import { createTables } from './table-creator';
import { TableServer } from './table-server';
import { isLocal } from './wire/address';

export interface TablesOptions {
  readonly appFolder: string;
  /** What functions and integrations get. The endpoint of a DynamoDB that is started is added. */
  readonly env: Record<string, string>;
  readonly credentials: Credentials;
  readonly warn: (text: string) => void;
}

/** The tables of an app: in the DynamoDB that the user names, or in one that is started for them. */
export class Tables {
  public static canBeKept(appFolder: string): boolean {
    return TableServer.find(appFolder) !== undefined;
  }

  private server?: TableServer;

  constructor(private readonly options: TablesOptions) {}

  /** Of the DynamoDB that was started. */
  public get url(): string | undefined {
    return this.server?.url;
  }

  /** Starts a DynamoDB if the app needs one, and nobody named one. */
  public async keep({ usesTables }: Pick<Model, 'usesTables'>) {
    const { appFolder, env, warn } = this.options;
    const folder = TableServer.find(appFolder);
    if (!usesTables || folder === undefined || serviceEndpoint('dynamodb', env) !== undefined) { return; }
    try {
      this.server = await TableServer.start(folder);
      env.AWS_ENDPOINT_URL_DYNAMODB = this.server.url;
    } catch (error) {
      warn(`the dynalite in \`${folder}\`, which would keep the tables of the app, does not start: ${(error as Error).message}`);
    }
  }

  /** Creates those that are missing, where that is on this machine. */
  public async create({ tables }: Pick<Model, 'tables'>) {
    const { env, credentials } = this.options;
    const endpoint = serviceEndpoint('dynamodb', env);
    if (endpoint === undefined || tables.length === 0 || !isLocal(new URL(endpoint).hostname)) { return; }
    await createTables(tables, endpoint, credentials);
  }

  public async close() {
    await this.server?.close();
  }
}
