import { dirname, relative } from 'node:path';
import { AppSources } from './app-sources';
import { BuiltSource } from './built-source';
import { sourceOf } from './source-of';
import { WatchedFolders } from './watched-folders';
import { IncompleteAssemblyError } from '../../local/assembly/assembly';
import { FunctionModel } from '../../local/definition/model';
import { Gateway } from '../../local/gateway';

/** Editors write a file in several steps. */
const SETTLE_MILLIS = 10;
/** `cdk synth` writes an assembly in many. */
const RETRY_MILLIS = 200;
const MAX_RETRIES = 50;
const RETRIES_IN_SILENCE = 10;

/** Keeps a gateway up to date with the sources of its handlers, and with its assembly. Functions change, connections stay. */
export class Watch {
  /** Ready once every handler is as its source is now. */
  public static async start(gateway: Gateway, assembly: string, appFolder: string): Promise<Watch> {
    const started = new Watch(gateway, assembly, appFolder);
    [dirname(assembly), assembly, ...started.app.folders()].forEach((folder) => started.folders.add(folder));
    await started.updateFunctions(() => true);
    started.explainMissingSources();
    return started;
  }

  private readonly folders = new WatchedFolders((path, isNew) => this.note(path, isNew));
  /** By path: whether the file is new, or gone. */
  private readonly changed = new Map<string, boolean>();
  private readonly sources = new Map<string, BuiltSource>();
  /** By function: why its source did not build. */
  private readonly failures = new Map<string, string>();
  private readonly app: AppSources;
  /** The app changed after the assembly, and that was said. */
  private outdated = false;
  private timer?: NodeJS.Timeout;
  private work: Promise<void> = Promise.resolve();
  private closed = false;

  private constructor(private readonly gateway: Gateway, private readonly assembly: string, private readonly appFolder: string) {
    this.app = new AppSources(appFolder);
  }

  public async close() {
    this.closed = true;
    clearTimeout(this.timer);
    this.folders.close();
    await this.work;
  }

  private note(path: string, isFirstSign: boolean) {
    const isNew = isFirstSign || this.changed.get(path) === true;
    // A log file beside the sources, for one, must not delay what matters.
    if (this.closed || !this.matters(path, isNew)) { return; }
    this.changed.set(path, isNew);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.start(), SETTLE_MILLIS);
  }

  private matters(path: string, isNew: boolean): boolean {
    return this.isOfAssembly(path) || this.folders.has(path) || this.isOfHandler(path, isNew) || this.app.has(path);
  }

  private isOfHandler(path: string, isNew: boolean): boolean {
    return [...this.sources.values()].some((source) => source.uses(path, isNew));
  }

  private isOfAssembly(path: string): boolean {
    return path === this.assembly || (dirname(path) === this.assembly && /(manifest|\.template|\.assets)\.json$/.test(path));
  }

  private start() {
    const paths = new Map(this.changed);
    this.changed.clear();
    this.work = this.work.then(() => this.update(paths)).catch((error: Error) => this.warn(error.message));
  }

  private async update(paths: ReadonlyMap<string, boolean>) {
    if (this.closed) { return; }
    // Those above first: what comes back below them is seen from then on.
    [...paths.keys()].filter((path) => this.folders.has(path)).sort().forEach((folder) => this.folders.renew(folder));
    const isSynthesized = [...paths.keys()].some((path) => this.isOfAssembly(path));
    if (isSynthesized) {
      this.folders.add(this.assembly);
      await this.reload();
    }
    const isMoved = (source: BuiltSource) => source.folders().some((folder) => paths.has(folder));
    await this.updateFunctions(
      (source) => isMoved(source) || [...paths].some(([path, isNew]) => source.uses(path, isNew)),
      (source) => isMoved(source) || [...paths.keys()].some((path) => source.uses(path, false)),
    );
    if (!isSynthesized) { this.explainOutdatedAssembly([...paths.keys()]); }
  }

  private explainOutdatedAssembly(paths: string[]) {
    const ofApp = paths.filter((path) => this.app.has(path) && !this.isOfHandler(path, false));
    if (ofApp.length === 0 || this.outdated) { return; }
    this.outdated = true;
    this.warn(`\`${relative(this.appFolder, ofApp[0])}\` changed, and the gateway serves the assembly as it is: run \`cdk synth\` to see the change here`);
  }

  /** Somebody is writing the assembly: read it until it is whole, and say so if that takes long. */
  private async reload() {
    const started = Date.now();
    for (let attempt = 1; !this.closed; attempt++) {
      try {
        await this.gateway.reload();
        this.outdated = false;
        this.gateway.report({ type: 'reload', what: 'the assembly', durationMillis: Date.now() - started });
        return;
      } catch (error) {
        if (!(error instanceof IncompleteAssemblyError)) { throw error; }
        if (attempt === RETRIES_IN_SILENCE) {
          this.warn(`${error.message}. The gateway serves the assembly before it, and reads this one as soon as it is whole`);
        }
        // Whatever completes it starts this again.
        if (attempt === MAX_RETRIES) { return; }
        await new Promise((done) => setTimeout(done, RETRY_MILLIS));
      }
    }
  }

  private async updateFunctions(isAffected: (source: BuiltSource) => boolean, isTouched: (source: BuiltSource) => boolean = isAffected) {
    await Promise.all(this.gateway.functionsInUse.map(async (fn) => {
      const known = this.sources.get(fn.arn);
      const source = known && isSame(known.fn, fn) ? known : sourceOf(fn, this.appFolder, this.assembly);
      if (!source || (source === known && !isAffected(source))) { return; }
      const touched = source !== known || isTouched(source);
      this.sources.set(fn.arn, source);
      await this.rebuild(fn, source, touched);
      source.folders().forEach((folder) => this.folders.addNear(this.appFolder, folder));
    }));
  }

  /** @param touched whether a file of its own changed; else it is tried again because a missing file may be there now */
  private async rebuild(fn: FunctionModel, source: BuiltSource, touched: boolean) {
    const started = Date.now();
    try {
      const write = await source.build();
      this.failures.delete(fn.arn);
      if (!write || this.closed) { return; }
      const folder = this.gateway.newFolder(fn.name);
      write(folder);
      await this.gateway.swap(fn, folder);
      this.gateway.report({ type: 'reload', what: fn.path, durationMillis: Date.now() - started });
    } catch (error) {
      const { message } = error as Error;
      if (touched || this.failures.get(fn.arn) !== message) { this.warn(`\`${fn.path}\` keeps its last working code:\n${message}`); }
      this.failures.set(fn.arn, message);
    }
  }

  /** Says what a save will not do: nobody should wait for a handler that is not watched. */
  private explainMissingSources() {
    const { functionsInUse } = this.gateway;
    const unknown = functionsInUse.filter(({ source }) => source === undefined);
    const gone = functionsInUse.filter((fn) => fn.source !== undefined && !this.sources.has(fn.arn));
    if (unknown.length > 0 && unknown.length === functionsInUse.length) {
      this.warn('`--watch` rebuilds no handler: the assembly does not say where their sources are. Synthesize it with the CDK CLI (`cdk synth`), or let '
        + '`--app "command"` do it. Functions that this library did not make change only with the assembly');
    }
    if (gone.length > 0) {
      this.warn(`\`--watch\` does not find the sources of ${gone.map(({ path, source }) => `\`${path}\` (\`${source!.file}\`)`).join(', ')}: `
        + 'the assembly was moved away from them; synthesize it again in the folder of the app');
    }
  }

  private warn(text: string) {
    this.gateway.report({ type: 'warning', text });
  }
}

function isSame(one: FunctionModel, other: FunctionModel): boolean {
  return one.code === other.code && JSON.stringify(one.source) === JSON.stringify(other.source);
}
