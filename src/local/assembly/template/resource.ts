import type { HandlerSource } from '../../../handlers/source-metadata';
import { StackTemplate } from '../assembly';
import { Intrinsics, Resolved } from './intrinsics';
import { asFlag, asNumber, asRecord, asText, asTexts, JsonRecord } from '../../definition/json-value';

/** A resource of a template, with the values that its properties have. */
export class Resource {
  public readonly type: string;
  private resolved?: Resolved;

  constructor(public readonly stack: StackTemplate, public readonly logicalId: string, private readonly intrinsics: Intrinsics) {
    this.type = asText(this.template.Type) ?? '';
  }

  public get path(): string {
    return this.stack.pathOf(this.logicalId);
  }

  /** The value of `Ref`. */
  public get ref(): string {
    return asText(this.intrinsics.resolve(this.stack, { Ref: this.logicalId }).value)!;
  }

  public attribute(name: string): string {
    return asText(this.intrinsics.resolve(this.stack, { 'Fn::GetAtt': [this.logicalId, name] }).value)!;
  }

  public get properties(): JsonRecord {
    return asRecord(this.resolve().value);
  }

  public text(property: string): string | undefined {
    return asText(this.properties[property]);
  }

  public texts(property: string): string[] {
    return asTexts(this.properties[property]);
  }

  public number(property: string): number | undefined {
    return asNumber(this.properties[property]);
  }

  public flag(property: string): boolean {
    return asFlag(this.properties[property]);
  }

  public record(property: string): JsonRecord {
    return asRecord(this.properties[property]);
  }

  /** What is unknown in one of these properties, or in any. */
  public missing(properties: readonly string[] = []): Resolved['missing'] {
    return this.resolve().missing.filter(({ at }) => properties.length === 0 || properties.includes(at.split(/[.[]/)[0]));
  }

  /** The unknown values that decide whether it exists. */
  public get missingForExistence(): string[] {
    const missing = new Set<string>();
    this.intrinsics.exists(this.stack, this.logicalId, missing);
    return [...missing];
  }

  public get metadata(): JsonRecord {
    return asRecord(this.template.Metadata);
  }

  /** How the code of a handler was made, if the library recorded it. */
  public get source(): HandlerSource | undefined {
    return this.stack.sourceOf(this.logicalId);
  }

  /** The file or folder in the assembly that a property is uploaded from; sometimes only the property in the template tells. */
  public asset(property: string, key: string): string | undefined {
    return this.stack.assetAt(asText(this.record(property)[key]), this.logicalId, property)
      ?? this.stack.assetAt(asRecord(this.template.Properties)[property], this.logicalId, property);
  }

  /** The ARN of the function that makes it, if it is a custom resource. */
  public get tokenOfCustomResource(): unknown {
    return this.type.startsWith('Custom::') || this.type === 'AWS::CloudFormation::CustomResource' ? this.properties.ServiceToken : undefined;
  }

  private get template(): JsonRecord {
    return this.stack.resources.get(this.logicalId)!;
  }

  private resolve(): Resolved {
    return this.resolved ??= this.intrinsics.resolve(this.stack, this.template.Properties ?? {});
  }
}

/** The resources of all stacks, without those whose conditions are false. */
export class Resources {
  /** Those left out because of a condition that is not known. */
  public readonly doubtful: Resource[] = [];
  private readonly byType = new Map<string, Resource[]>();

  constructor(stacks: readonly StackTemplate[], intrinsics: Intrinsics) {
    for (const stack of stacks) {
      for (const logicalId of stack.resources.keys()) {
        const resource = new Resource(stack, logicalId, intrinsics);
        if (!intrinsics.exists(stack, logicalId)) {
          if (resource.missingForExistence.length > 0) { this.doubtful.push(resource); }
          continue;
        }
        this.byType.set(resource.type, [...this.byType.get(resource.type) ?? [], resource]);
      }
    }
  }

  public get all(): Resource[] {
    return [...this.byType.values()].flat();
  }

  public ofType(...types: string[]): Resource[] {
    return types.flatMap((type) => this.byType.get(type) ?? []);
  }
}
