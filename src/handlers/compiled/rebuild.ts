import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assetKey } from './asset-key';
import { CompiledLanguage, CompiledSource } from './compiled-language';
import { DOTNET } from '../dotnet/dotnet-language';
import { GO } from '../go/go-language';
import { JAVA } from '../java/java-language';
import { sha256 } from '../source-files/sha256';
import { letEveryoneReadAll } from '../source-files/source-files';
import { HandlerSource } from '../source-metadata';
import { runStepsInBackground } from '../tools/tool';

const LANGUAGES: CompiledLanguage[] = [GO, JAVA, DOTNET];

/** A handler of a project that is built again while its sources change. */
export class ProjectBuild {
  /** By hash: builds of this process, which all the functions of a project share. */
  private static readonly builds = new Map<string, { of: string; folder: Promise<string> }>();

  private readonly language: CompiledLanguage;

  constructor(private readonly recorded: Required<Pick<HandlerSource, 'folder' | 'project'>>) {
    this.language = LANGUAGES.find(({ bundling }) => bundling === recorded.project.language)!;
  }

  /** Whether this version of the library knows its language. */
  public get isKnown(): boolean {
    return this.language !== undefined;
  }

  /** The files that decide its code, and a hash of them. */
  public inputs(): { files: string[]; hash: string } {
    const source = this.find();
    const inputs = this.language.inputs(source);
    return { files: inputs.files, hash: sha256(assetKey(this.language.name, source, inputs)) };
  }

  /** @returns a folder with the files of its asset */
  public async build(hash: string): Promise<string> {
    const source = this.find();
    const { builds } = ProjectBuild;
    const of = JSON.stringify([this.language.bundling, source.manifest, source.runtime, ...this.language.inputs(source).settings]);
    const before = [...builds].filter(([other, build]) => build.of === of && other !== hash);
    if (!builds.has(hash)) { builds.set(hash, { of, folder: this.run(source) }); }
    try {
      const folder = await builds.get(hash)!.folder;
      const problem = this.language.missingEntry?.(source, folder);
      if (problem !== undefined) { throw new Error(problem); }
      // Functions that share an older build have copied it.
      before.forEach(([other, build]) => {
        builds.delete(other);
        void build.folder.then(remove, () => {});
      });
      return folder;
    } catch (error) {
      builds.delete(hash);
      throw error;
    }
  }

  private async run(source: CompiledSource): Promise<string> {
    const work = mkdtempSync(join(tmpdir(), 'cdk-websocket-api-build-'));
    rememberToRemove(work);
    const folder = join(work, 'asset');
    mkdirSync(folder);
    try {
      await runStepsInBackground(this.language.build([source], [folder]));
    } catch (error) {
      rmSync(work, { recursive: true, force: true });
      throw error;
    }
    letEveryoneReadAll(folder);
    return folder;
  }

  private find(): CompiledSource {
    const { folder, project } = this.recorded;
    const { handler, runtime, architecture, options } = project;
    return this.language.find({ handler, srcDir: folder, runtime, architecture, options });
  }
}

const folders = new Set<string>();

/** The folders of a process go when it ends. */
function rememberToRemove(folder: string) {
  if (folders.size === 0) { process.once('exit', () => folders.forEach((one) => rmSync(one, { recursive: true, force: true }))); }
  folders.add(folder);
}

function remove(folder: string) {
  rmSync(join(folder, '..'), { recursive: true, force: true });
}
