/** Names that are in use even if nothing here reads them: for tools, and for the SDKs inside the functions. */
const FOR_OTHERS = /^(?:AWS_|NODE_|PYTHON|JAVA_|(?:HTTPS|NO)_PROXY$|(?:https|no)_proxy$)/;

/** The values that a user gives, by the names in warnings, and which of them nothing has used. */
export class GivenValues {
  private readonly asked = new Set<string>();

  constructor(private readonly values: Readonly<Record<string, string>> = {}) {}

  public get(name: string): string | undefined {
    this.asked.add(name);
    return Object.hasOwn(this.values, name) ? this.values[name] : undefined;
  }

  public has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  public get unused(): string[] {
    return Object.keys(this.values).filter((name) => !this.asked.has(name) && !FOR_OTHERS.test(name));
  }
}
