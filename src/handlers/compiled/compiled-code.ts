import { mkdirSync, mkdtempSync, cpSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve, sep } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { Code, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { assetKey } from './asset-key';
import { CompiledLanguage, CompiledSource, Inputs } from './compiled-language';
import { KeptBuilds } from './kept-builds';
import { assemblyOf, builtAsset } from '../asset-code';
import { sha256 } from '../source-files/sha256';
import { HandlerSource } from '../source-metadata';
import { runSteps } from '../tools/tool';
import { WrittenCode } from '../written-code';

/** A handler to build, and the name that an error calls it by. */
export interface NamedSource {
  readonly name: string;
  readonly language: CompiledLanguage;
  readonly source: CompiledSource;
  /** The runtime that was asked for. */
  readonly runtime?: Runtime;
}

/** The code of a handler that a tool chain has built. */
export interface CompiledCode {
  readonly code: Code;
  readonly handler: string;
  readonly runtime: Runtime;
  readonly source: HandlerSource;
}

/** The asset of one or more handlers. */
interface Asset {
  readonly key: string[];
  readonly hash: string;
  readonly tools: string;
  readonly language: CompiledLanguage;
  readonly sources: CompiledSource[];
  /** Of the routes that it is for. */
  readonly names: string[];
}

/**
 * The code of handlers in languages that are compiled: each project is built once, and only if something has changed.
 *
 * @returns one code for each handler, in their order
 */
export function compiledCode(scope: Construct, handlers: NamedSource[]): CompiledCode[] {
  handlers.forEach(({ name, source }) => refuseAssembly(name, source, assemblyOf(scope)));
  if (!Stack.of(scope).bundlingRequired) { return handlers.map((handler) => codeFor(handler, unbuilt(handler.source))); }

  const kept = new KeptBuilds(assemblyOf(scope));
  const assets = assetsOf(handlers);
  const outdated = [...new Set(assets.values())].filter(({ hash, tools }) => !kept.has(hash, tools));
  const failures = batchesOf(outdated).flatMap((batch) => build(batch, kept));
  if (failures.length === 0) {
    failures.push(...handlers.flatMap(({ name, language, source }) => {
      const problem = language.missingEntry?.(source, kept.folderOf(assets.get(source)!.hash));
      return problem === undefined ? [] : [`${name}: ${problem}`];
    }));
  }
  if (failures.length > 0) { throw new Error(failures.join('\n\n')); }
  return handlers.map((handler) => {
    const { key } = assets.get(handler.source)!;
    return codeFor(handler, new WrittenCode({ key, write: () => { throw new Error('the asset was removed while the app was synthesized'); } }));
  });
}

/** An asset in the assembly would be a source of the next one. */
function refuseAssembly(name: string, { project, manifest }: CompiledSource, assembly: string) {
  if (`${project}${sep}`.startsWith(`${resolve(assembly)}${sep}`)) {
    throw new Error(`${name}: \`${relative(process.cwd(), manifest)}\` is in the cloud assembly, whose files come and go: move the project out of it`);
  }
}

/** The assets of handlers; of those that are the same to the byte, one. */
function assetsOf(handlers: NamedSource[]): Map<CompiledSource, Asset> {
  const byHash = new Map<string, Asset>();
  const inputs = new Map<string, Inputs>();
  return new Map(handlers.map(({ name, language, source }) => {
    try {
      const id = JSON.stringify([language.name, source.manifest, source.entry, source.request]);
      if (!inputs.has(id)) { inputs.set(id, language.inputs(source)); }
      const key = assetKey(language.name, source, inputs.get(id)!);
      const hash = sha256(key);
      const asset = byHash.get(hash) ?? { key, hash, tools: language.toolIdentity(source), language, sources: [], names: [] };
      asset.sources.push(source);
      asset.names.push(name);
      byHash.set(hash, asset);
      return [source, asset];
    } catch (error) {
      throw new Error(`${name}: ${(error as Error).message}`);
    }
  }));
}

function batchesOf(assets: Asset[]): Asset[][] {
  const batches = new Map<string, Asset[]>();
  for (const asset of assets) {
    const batch = `${asset.language.name} ${asset.tools} ${asset.language.batch(asset.sources[0])}`;
    batches.set(batch, [...batches.get(batch) ?? [], asset]);
  }
  return [...batches.values()];
}

/** @returns what went wrong */
function build(assets: Asset[], kept: KeptBuilds): string[] {
  const work = mkdtempSync(join(tmpdir(), 'cdk-websocket-api-build-'));
  const { language } = assets[0];
  const sources = assets.map(({ sources: [first] }) => first);
  try {
    const folders = assets.map((_, index) => join(work, String(index)));
    folders.forEach((folder) => mkdirSync(folder));
    runSteps(language.build(sources, folders));
    assets.forEach(({ hash, tools }, index) => kept.add(hash, tools, (folder) => cpSync(folders[index], folder, { recursive: true })));
    return [];
  } catch (error) {
    const { message } = error as Error;
    const atFault = language.atFault?.(sources, message) ?? sources;
    const names = assets.filter((_, index) => atFault.includes(sources[index])).flatMap((asset) => asset.names);
    return [`cannot build the handler of ${names.join(', ')}: ${message}`];
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Code of a stack that is not going to be deployed. No tool is needed. */
function unbuilt({ project, entry, manifest }: CompiledSource): Code {
  return builtAsset({ source: project, key: ['unbuilt', manifest], fingerprint: `unbuilt ${entry}`, write: () => {} });
}

function codeFor({ language, source, runtime: given }: NamedSource, code: Code): CompiledCode {
  const { entry, runtime, manifest, request } = source;
  const { handler, srcDir, architecture, options } = request;
  return {
    code,
    handler: entry,
    runtime: Runtime.ALL.find(({ name }) => name === runtime) ?? given!,
    source: {
      file: manifest,
      folder: srcDir,
      project: { language: language.bundling, handler, runtime, architecture, options },
    },
  };
}
