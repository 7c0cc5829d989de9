import { existsSync, readFileSync } from 'node:fs';
import { dirname, extname, join, resolve } from 'node:path';

const CODE = new Set(['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs', '.py', '.java', '.cs', '.go']);

/** The files that define the app, as opposed to its handlers: a change in them needs a new synthesis. */
export class AppSources {
  constructor(private readonly appFolder: string) {}

  /** To be watched. */
  public folders(): string[] {
    return [this.appFolder, ...this.ownFolders()];
  }

  /** Beside the handlers in the folder of the app, only the file that `cdk.json` names is certain to be the app's. */
  public has(path: string): boolean {
    return path === join(this.appFolder, 'cdk.json') || this.named().includes(path)
      || (CODE.has(extname(path)) && !/\.(d|test|spec)\.\w+$/.test(path) && this.ownFolders().includes(dirname(path)));
  }

  /** Where CDK's own templates put the app, and where the command in `cdk.json` finds it. */
  private ownFolders(): string[] {
    const folders = [...['bin', 'lib'].map((name) => join(this.appFolder, name)), ...this.named().map((path) => dirname(path))];
    return [...new Set(folders)].filter((folder) => folder !== this.appFolder && existsSync(folder));
  }

  private named(): string[] {
    return this.command().split(/\s+/).filter((word) => CODE.has(extname(word))).map((word) => resolve(this.appFolder, word));
  }

  private command(): string {
    try {
      const { app } = JSON.parse(readFileSync(join(this.appFolder, 'cdk.json'), 'utf8'));
      return typeof app === 'string' ? app : '';
    } catch {
      return '';
    }
  }
}
