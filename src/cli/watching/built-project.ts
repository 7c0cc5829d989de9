import { cpSync } from 'node:fs';
import { dirname, relative, sep } from 'node:path';
import { BuiltSource } from './built-source';
import { ProjectBuild } from '../../handlers/compiled/rebuild';
import { FunctionModel } from '../../local/definition/model';

/** Names of what tools write while they build, and of what is no source. */
const NOT_WATCHED = /(^|\/)(\.git|node_modules|cdk\.out|target|bin|obj)(\/|$)/;

/** A handler that a tool chain builds. All the handlers of a project share a build. */
export class BuiltProject implements BuiltSource {
  private files: ReadonlySet<string> = new Set();
  /** The hash of what runs. */
  private last: string | undefined;
  private failed = false;

  constructor(public readonly fn: FunctionModel, private readonly project: ProjectBuild) {
    this.files = new Set([fn.source!.file]);
  }

  public uses(path: string, isNew: boolean): boolean {
    return this.files.has(path) || (isNew && this.folders().includes(dirname(path)) && (this.failed || this.mayBeInput(path)));
  }

  public folders(): string[] {
    return [...new Set([...this.files].map((file) => dirname(file)))]
      .filter((folder) => !NOT_WATCHED.test(relative(process.cwd(), folder).split(sep).join('/')));
  }

  public async build() {
    try {
      const { files, hash } = this.project.inputs();
      this.files = new Set(files);
      // The assembly may be as old as the sources.
      this.last ??= this.fn.code.endsWith(`asset.${hash}`) ? hash : undefined;
      const built = hash === this.last ? undefined : await this.project.build(hash);
      this.failed = false;
      this.last = hash;
      return built === undefined ? undefined : (folder: string) => cpSync(built, folder, { recursive: true });
    } catch (error) {
      this.failed = true;
      throw error;
    }
  }

  private mayBeInput(path: string): boolean {
    try {
      return this.project.inputs().files.includes(path);
    } catch {
      // Somebody is writing the project.
      return true;
    }
  }
}
