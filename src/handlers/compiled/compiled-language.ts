import { Steps } from '../tools/tool';

/** What a handler was asked for as: everything that decides its code, besides what is in files. */
export interface CompiledRequest {
  readonly handler: string;
  /** The folder that it is looked up from; absolute. */
  readonly srcDir: string;
  /** The name of Lambda's runtime. Nothing here needs CDK: the local gateway, which may have none, builds handlers again. */
  readonly runtime?: string;
  /** `x86_64` or `arm64`. */
  readonly architecture: string;
  /** Options of its `Bundling`. */
  readonly options: object;
}

/** A handler in a project that a tool chain builds, found on disk. No tool was asked. */
export interface CompiledSource {
  readonly request: CompiledRequest;
  /** The name of Lambda's runtime. */
  readonly runtime: string;
  /** What Lambda calls. */
  readonly entry: string;
  /** The folder of the project; absolute. */
  readonly project: string;
  /** The file that makes it a project: `go.mod`, `pom.xml`. */
  readonly manifest: string;
}

/** What an asset is made from. It is known without the tools that make it. */
export interface Inputs {
  /** Paths on this machine. In the hash, they are relative to the project. */
  readonly files: string[];
  /** Options, runtime, architecture, names. */
  readonly settings: string[];
}

/** A language whose handlers are built by the tool chain that their author has. */
export interface CompiledLanguage<Source extends CompiledSource = CompiledSource> {
  /** As prose calls it. */
  readonly name: string;
  /** The factory of `Bundling` with its options. */
  readonly bundling: 'golang' | 'maven' | 'dotnet';

  /** Finds the project of a handler; an error that says what is wrong with it. */
  find(request: CompiledRequest): Source;

  inputs(source: Source): Inputs;

  /** Identifies the tools that would build it; an error if there are none. */
  toolIdentity(source: Source): string;

  /** What assets have in common that one run of the tool builds. */
  batch(source: Source): string;

  /** Builds the assets of a batch into a folder each. */
  build(sources: Source[], folders: string[]): Steps;

  /** Of the sources of a failed batch, those that the failure is about. */
  atFault?(sources: Source[], message: string): Source[];

  /** Why Lambda could not call a handler in its asset; undefined if it could. */
  missingEntry?(source: Source, asset: string): string | undefined;
}

/** An error of a tool, in its own words. */
export class ToolError extends Error {
  constructor(public readonly tool: string, public readonly complaint: string, advice = '') {
    super(`${tool} said\n\n${complaint}${advice === '' ? '' : `\n\n${advice}`}`);
  }
}
