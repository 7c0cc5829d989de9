import { inOrder, Names } from './names';
import { selecting } from './payload';
import { Schemas } from './schemas';
import { bindingsOf } from './security';
import { selectingField } from '../../messages/selecting-field';
import { ApiModel, RouteModel } from '../definition/model';

type Part = { [name: string]: unknown };

/** The message that API Gateway sends when it cannot do what a message asks for. */
export const GATEWAY_ERROR = 'gatewayError';

/** What is collected for the document, by name. */
export interface Collected {
  readonly schemas: Schemas;
  readonly names: Names;
  readonly messages: Map<string, Part>;
  readonly operations: Map<string, Part>;
}

/** A message that a route takes or answers with. */
interface RouteMessage {
  readonly name: string;
  readonly part: Part;
}

/** The connection of an API, and what goes over it. */
export class Channel {
  private readonly messages = new Set<string>();
  private readonly field: readonly string[] | undefined;

  /**
   * @param label what the names of its parts begin with, if anything
   */
  constructor(
    private readonly api: ApiModel, private readonly name: string, private readonly label: string[], private readonly into: Collected,
  ) {
    this.field = selectingField(api.routeSelectionExpression);
  }

  /** Adds the messages and operations of all routes. */
  public render(servers: readonly string[]): Part {
    const routes = inOrder(this.api.routes.values(), ({ key }) => key).filter(({ key }) => key !== '$connect' && key !== '$disconnect');
    routes.forEach((route) => this.addRoute(route));
    const error = this.into.names.takeIdentifier(...this.label, 'reportError');
    this.messages.add(GATEWAY_ERROR);
    this.into.operations.set(error, {
      action: 'send', channel: this.ref(), summary: 'API Gateway cannot do what a message asks for.', messages: [this.ref(GATEWAY_ERROR)],
    });
    return {
      address: '/',
      title: this.api.name,
      servers: servers.map((one) => ({ $ref: `#/servers/${one}` })),
      messages: Object.fromEntries([...this.messages].sort().map((one) => [one, { $ref: `#/components/messages/${one}` }])),
      bindings: bindingsOf(this.api),
    };
  }

  private addRoute(route: RouteModel): void {
    const { key, operationName, response } = route;
    // `default` is a reserved word in most languages.
    const name = this.into.names.takeIdentifier(...this.label, key === '$default' ? 'defaultMessage' : key);
    const taken = this.requests(route, name);
    const answers = response ? this.answers(route, name) : [];
    [...taken, ...answers].forEach((message) => {
      this.into.messages.set(message.name, message.part);
      this.messages.add(message.name);
    });
    this.into.operations.set(name, {
      action: 'receive',
      channel: this.ref(),
      ...operationName === undefined ? {} : { title: operationName },
      summary: key === '$default' ? 'A message that selects no other route.' : `A message that selects the route \`${key}\`.`,
      messages: taken.map((one) => this.ref(one.name)),
      ...answers.length === 0 ? {} : { reply: { channel: this.ref(), messages: answers.map((one) => this.ref(one.name)) } },
    });
  }

  private requests({ key, requestModels, modelSelectionExpression }: RouteModel, name: string): RouteMessage[] {
    const field = key === '$default' ? undefined : this.field;
    const description = key !== '$default' && this.field === undefined
      ? { description: `\`${this.api.routeSelectionExpression}\` has to be \`${key}\`.` } : {};
    const models = inOrder(requestModels, ([one]) => one).filter(([one]) => mayBeSelected(one, requestModels, modelSelectionExpression));
    if (models.length === 0) {
      const payload = this.into.schemas.addOwn(name, field === undefined ? {} : selecting(undefined, field, key));
      return [{ name, part: { name, ...description, payload } }];
    }
    return models.map(([one, schema]) => {
      const own = models.length === 1 ? name : this.into.names.takeIdentifier(name, one);
      const payload = this.into.schemas.add(own, schema, `route \`${key}\` of \`${this.api.name}\``, this.api.models ?? new Map(),
        (converted) => (field === undefined ? converted : selecting(converted, field, key)));
      return { name: own, part: { name: own, ...description, payload } };
    });
  }

  private answers({ key, responseModels = new Map() }: RouteModel, name: string): RouteMessage[] {
    const owner = `the answer of route \`${key}\` of \`${this.api.name}\``;
    const models = inOrder(responseModels, ([one]) => one);
    if (models.length === 0) {
      const own = this.into.names.takeIdentifier(name, 'answer');
      return [{ name: own, part: { name: own, summary: 'What the route returns.', payload: this.into.schemas.addOwn(own, {}) } }];
    }
    return models.map(([one, schema]) => {
      const own = this.into.names.takeIdentifier(name, 'answer', ...models.length === 1 ? [] : [one]);
      return { name: own, part: { name: own, payload: this.into.schemas.add(own, schema, owner, this.api.models ?? new Map()) } };
    });
  }

  private ref(message?: string) {
    return { $ref: `#/channels/${this.name}${message === undefined ? '' : `/messages/${message}`}` };
  }
}

/** Whether an expression can choose a model of this key: with no variable in it, it chooses one, or else the default. */
function mayBeSelected(key: string, models: ReadonlyMap<string, unknown>, expression = '$default'): boolean {
  const fixed = expression.replace(/^\\/, '');
  if (/[.{]/.test(fixed)) { return true; }
  return key === (models.has(fixed) ? fixed : '$default');
}
