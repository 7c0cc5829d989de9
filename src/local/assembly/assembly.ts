import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UNKNOWN_ACCOUNT, UNKNOWN_REGION } from './default-place';
import { HandlerSource, parseSource, SOURCE_METADATA } from '../../handlers/source-metadata';
import { isDeeper } from '../../messages/nesting';
import { anyText, asRecord, asText, isRecord, JsonRecord, recordsOf } from '../definition/json-value';

/** Far more than any template has: what is read is followed level by level. */
const MAX_LEVELS = 500;

/** An assembly that is missing or written in part: a moment later it may be whole. */
export class IncompleteAssemblyError extends Error {}

/** A template, and where it belongs. */
export interface StackTemplate {
  /** Unique in the assembly; names are so only in an account and region. */
  readonly id: string;
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly parameters: ReadonlyMap<string, JsonRecord>;
  readonly mappings: JsonRecord;
  readonly conditions: JsonRecord;
  readonly resources: ReadonlyMap<string, JsonRecord>;
  readonly outputs: ReadonlyMap<string, JsonRecord>;
  /** What parameters are given in the manifest. */
  readonly givenParameters: JsonRecord;
  /** The resource that a nested stack is. */
  readonly parent?: { readonly stack: StackTemplate; readonly logicalId: string };
  /** By the logical ids of the resources that they are. */
  readonly nested: ReadonlyMap<string, StackTemplate>;
  /** The path of the construct where the assembly tells it, else `Stack/LogicalId`. */
  pathOf(logicalId: string): string;
  /** How the code of a handler was made, if the library recorded it. */
  sourceOf(logicalId: string): HandlerSource | undefined;
  /** The file or folder that is uploaded to this place, by the key of the object, or whatever holds the hash of the asset. */
  assetAt(place: unknown, logicalId: string, property: string): string | undefined;
}

/**
 * The stacks of a cloud assembly, with those in its stages, and nested ones.
 *
 * @throws IncompleteAssemblyError
 */
export function readAssembly(folder: string, defaultRegion = UNKNOWN_REGION): StackTemplate[] {
  return readStacks(folder, { account: UNKNOWN_ACCOUNT, region: defaultRegion });
}

/** The environment of stacks whose account or region is unknown. */
type DefaultPlace = Pick<StackTemplate, 'account' | 'region'>;

/** @param outer the folders of the stages around it */
function readStacks(folder: string, place: DefaultPlace, outer: readonly string[] = []): StackTemplate[] {
  const { artifacts } = readManifest(folder);
  const assets = new Assets(folder);
  const all = [...recordsOf(artifacts)].map(([id, artifact]) => ({ id, artifact, properties: asRecord(artifact.properties) }));
  for (const { artifact, properties } of all) {
    if (artifact.type === 'cdk:asset-manifest') { assets.addManifest(readJson(join(folder, anyText(properties.file)))); }
  }
  const stacks: StackTemplate[] = [];
  for (const { id, artifact, properties } of all) {
    switch (artifact.type) {
      case 'aws:cloudformation:stack':
        stacks.push(...readStack({ folder, id, artifact, properties, assets, place }));
        break;
      case 'cdk:cloud-assembly':
        stacks.push(...readStage(join(folder, anyText(properties.directoryName)), place, stacks, [...outer, resolve(folder)]));
        break;
    }
  }
  return stacks;
}

/** Stacks of several stages may have one name, where each stage goes to an account of its own: so they do here. */
function readStage(folder: string, place: DefaultPlace, others: readonly StackTemplate[], outer: readonly string[]): StackTemplate[] {
  if (outer.includes(resolve(folder))) { throw new Error(`the cloud assembly \`${folder}\` is a stage of itself: run \`cdk synth\` to write it again`); }
  const stacks = readStacks(folder, place, outer);
  const isTaken = (stack: StackTemplate) => (
    others.some(({ name, account, region }) => name === stack.name && account === stack.account && region === stack.region)
  );
  return stacks.some((stack) => stack.account === place.account && isTaken(stack))
    ? readStage(folder, { ...place, account: String(Number(place.account) + 1) }, others, outer)
    : stacks;
}

function readManifest(folder: string): JsonRecord {
  if (!existsSync(folder)) {
    throw new IncompleteAssemblyError(`the cloud assembly \`${folder}\` does not exist: run \`cdk synth\``);
  }
  if (!statSync(folder).isDirectory()) {
    throw new Error(`\`${folder}\` is a file: name the folder of a cloud assembly, which \`cdk synth\` makes`);
  }
  if (!existsSync(join(folder, 'manifest.json'))) {
    throw new IncompleteAssemblyError(`\`${folder}\` is not a cloud assembly, because it has no \`manifest.json\`: run \`cdk synth\``);
  }
  return readJson(join(folder, 'manifest.json'));
}

function readJson(file: string): JsonRecord {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8').replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new IncompleteAssemblyError(existsSync(file)
      ? `\`${file}\` is not JSON, or was not written to its end: run \`cdk synth\` (${(error as Error).message})`
      : `\`${file}\` is missing, although the assembly lists it: run \`cdk synth\``);
  }
  if (!isRecord(value)) {
    throw new Error(`\`${file}\` is not a JSON object: run \`cdk synth\` to write it again`);
  }
  if (isDeeper(value, MAX_LEVELS)) {
    throw new Error(`\`${file}\` is nested more than ${MAX_LEVELS} levels deep: make fewer of them`);
  }
  return value;
}

interface StackArtifact {
  readonly folder: string;
  readonly id: string;
  readonly artifact: JsonRecord;
  readonly properties: JsonRecord;
  readonly assets: Assets;
  readonly place: DefaultPlace;
}

function readStack({ folder, id, artifact, properties, assets, place }: StackArtifact): StackTemplate[] {
  const [, account, region] = /^aws:\/\/([^/]+)\/(.+)$/.exec(asText(artifact.environment) ?? '') ?? [];
  const metadata = {
    ...asRecord(artifact.metadata),
    // Newer versions of CDK write it to a file of its own.
    ...artifact.additionalMetadataFile === undefined ? {} : readJson(join(folder, anyText(artifact.additionalMetadataFile))),
  };
  assets.addMetadata(metadata);
  return readTemplate(join(folder, anyText(properties.templateFile)), {
    id: resolve(folder, id),
    name: asText(properties.stackName) ?? id,
    account: account === undefined || account === 'unknown-account' ? place.account : account,
    region: region === undefined || region === 'unknown-region' ? place.region : region,
    givenParameters: asRecord(properties.parameters),
    paths: pathsByLogicalId(metadata),
    sources: sourcesByPath(metadata, folder),
    prefix: '',
    assets,
  }, []);
}

interface TemplatePlace extends Pick<StackTemplate, 'id' | 'name' | 'account' | 'region' | 'givenParameters' | 'parent'> {
  readonly paths: ReadonlyMap<string, readonly string[]>;
  readonly sources: ReadonlyMap<string, HandlerSource>;
  /** What the paths of a nested stack begin with. */
  readonly prefix: string;
  readonly assets: Assets;
}

function readTemplate(file: string, place: TemplatePlace, outer: readonly string[]): StackTemplate[] {
  const { paths, sources, prefix, assets, ...rest } = place;
  const template = readJson(file);
  const resources = recordsOf(template.Resources);
  const nested = new Map<string, StackTemplate>();
  const stack: StackTemplate = {
    ...rest,
    parameters: recordsOf(template.Parameters),
    mappings: asRecord(template.Mappings),
    conditions: asRecord(template.Conditions),
    resources,
    outputs: recordsOf(template.Outputs),
    nested,
    sourceOf(logicalId) {
      const inside = paths.get(logicalId)?.filter((path) => path.startsWith(prefix));
      return inside?.map((path) => sources.get(path)).find((source) => source !== undefined);
    },
    pathOf(logicalId) {
      const path = asText(asRecord(resources.get(logicalId)?.Metadata)['aws:cdk:path']) ?? paths.get(logicalId)?.find((one) => one.startsWith(prefix));
      return path?.replace(/\/Resource$/, '') ?? `${place.name}/${logicalId}`;
    },
    assetAt(where, logicalId, property) {
      return assets.find(where, asRecord(resources.get(logicalId)?.Metadata), property);
    },
  };
  const below = [...resources].filter(([, { Type }]) => Type === 'AWS::CloudFormation::Stack').flatMap(([logicalId, resource]) => {
    const inner = stack.assetAt(asRecord(resource.Properties).TemplateURL, logicalId, 'TemplateURL');
    // A template elsewhere is not known here, and one that holds itself would never end.
    if (inner === undefined || inner === file || outer.includes(inner)) { return []; }
    const [first, ...others] = readTemplate(inner, {
      ...place,
      id: `${place.id}/${logicalId}`,
      name: `${place.name}-${logicalId}`,
      givenParameters: {},
      parent: { stack, logicalId },
      // CDK puts the resource `Stack/Inner.NestedStack/Inner.NestedStackResource` beside the construct `Stack/Inner`.
      prefix: `${stack.pathOf(logicalId).replace(/\.NestedStack\/[^/]*$/, '')}/`,
    }, [...outer, file]);
    nested.set(logicalId, first);
    return [first, ...others];
  });
  return [stack, ...below];
}

/** From `{ '/Stack/Api/Resource': [{ type: 'aws:cdk:logicalId', data: 'ApiF70053CD' }] }`. Paths tell a stack from those nested in it. */
function pathsByLogicalId(metadata: JsonRecord): Map<string, string[]> {
  const paths = new Map<string, string[]>();
  for (const { path, type, data } of metadataEntries(metadata)) {
    if (type === 'aws:cdk:logicalId') {
      const id = anyText(data);
      paths.set(id, [...paths.get(id) ?? [], path.replace(/^\//, '')]);
    }
  }
  return paths;
}

function sourcesByPath(metadata: JsonRecord, folder: string): Map<string, HandlerSource> {
  return new Map(metadataEntries(metadata).flatMap(({ path, type, data }) => {
    const source = type === SOURCE_METADATA ? parseSource(data, folder) : undefined;
    return source ? [[path.replace(/^\//, ''), source] as const] : [];
  }));
}

function metadataEntries(metadata: JsonRecord): Array<{ path: string; type: unknown; data: unknown }> {
  return Object.entries(metadata).flatMap(([path, entries]) => (
    (Array.isArray(entries) ? entries : []).filter(isRecord).map(({ type, data }) => ({ path, type, data }))
  ));
}

/** The files and folders that an assembly has to upload. */
class Assets {
  private readonly byHash = new Map<string, string>();
  private readonly byKey = new Map<string, string>();

  constructor(private readonly folder: string) {}

  public addManifest(manifest: JsonRecord) {
    for (const [hash, { source, destinations }] of recordsOf(manifest.files)) {
      const path = asText(asRecord(source).path);
      // What a command makes when it is deployed is not there.
      if (path === undefined) { continue; }
      this.add(hash, path);
      for (const { objectKey } of recordsOf(destinations).values()) { this.byKey.set(anyText(objectKey), resolve(this.folder, path)); }
    }
  }

  /** Stacks with the legacy synthesizer have their assets among their metadata. */
  public addMetadata(metadata: JsonRecord) {
    for (const { type, data } of metadataEntries(metadata)) {
      const { path, sourceHash, packaging } = asRecord(data);
      if (type === 'aws:cdk:asset' && packaging !== 'container-image') { this.add(anyText(sourceHash), anyText(path)); }
    }
  }

  /** By the key of the object, by a hash in what tells its place, or by what CDK wrote beside it for tools such as this. */
  public find(place: unknown, metadata: JsonRecord, property: string): string | undefined {
    const text = asText(place) ?? JSON.stringify(place) ?? '';
    const hash = text.match(/[0-9a-f]{64}/g)?.find((one) => this.byHash.has(one));
    const beside = metadata['aws:asset:property'] === property ? asText(metadata['aws:asset:path']) : undefined;
    return this.byKey.get(text) ?? this.byHash.get(hash ?? '') ?? (beside === undefined ? undefined : resolve(this.folder, beside));
  }

  private add(hash: string, path: string) {
    this.byHash.set(hash, resolve(this.folder, path));
  }
}
