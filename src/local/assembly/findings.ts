import { GivenValues } from './given-values';
import { placeholderOf } from './template/intrinsics';
import { Resource } from './template/resource';
import { UnresolvedValue } from '../definition/model';

/** Warnings about an app, shown before it is served. */
export class Findings {
  private readonly lines = new Set<string>();
  private readonly usedBy = new Map<string, Set<string>>();

  constructor(private readonly given = new GivenValues()) {}

  public warn(line: string) {
    this.lines.add(line);
  }

  /** These properties of a resource, or all, are needed to serve the app: report what is unknown in them. */
  public use(resource: Resource, ...properties: string[]) {
    resource.missing(properties)
      .filter(({ at }) => !this.isGiven(at))
      .forEach(({ name, at }) => this.addUse(name, `${resource.path}: ${at}`));
    this.useCondition(resource);
  }

  /** The app depends on whether this resource exists: report what is unknown about that. */
  public useCondition(resource: Resource) {
    resource.missingForExistence.forEach((name) => this.addUse(name, `${resource.path}: Condition`));
  }

  public get warnings(): string[] {
    return [...this.lines];
  }

  public get unresolved(): UnresolvedValue[] {
    return [...this.usedBy].map(([name, usedBy]) => ({ name, usedBy: [...usedBy], placeholder: placeholderOf(name) }));
  }

  private isGiven(property: string): boolean {
    const [, variable] = /^Environment\.Variables\.(\w+)/.exec(property) ?? [];
    // A variable of a function may be given by its own name too.
    return variable !== undefined && this.given.has(variable);
  }

  private addUse(name: string, by: string) {
    this.usedBy.set(name, new Set([...this.usedBy.get(name) ?? [], by]));
  }
}
