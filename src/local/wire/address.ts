import { ApiModel, Model, StageModel } from '../definition/model';

/** What a URL leads to. */
export interface Address {
  readonly api: ApiModel;
  readonly stage: StageModel;
  /** What follows the stage, or the path of the mapping: `/@connections/…`, or nothing but a slash. */
  readonly rest: string;
  /** What handlers are told: AWS's name of the API, or the custom domain that the client used. See `docs/addresses.md`. */
  readonly domainName: string;
}

/** Why a URL leads nowhere. */
export interface NoAddress {
  readonly status: 403 | 404;
}

/**
 * The URLs of an app. On AWS the host tells the API. Here all APIs share one host and one port, so the first part of the path tells several
 * APIs and custom domains apart. The hosts of AWS work too: the gateway leads clients inside functions here when they use them.
 */
export class AddressBook {
  /** @param isOwnName whether a name, other than those of loopback, leads to this machine */
  constructor(
    private readonly model: Model,
    private readonly port: number,
    private readonly isOwnName: (name: string) => boolean = () => false,
  ) {}

  public find(host: string | undefined, path: string): Address | NoAddress {
    const name = (host ?? '').replace(/:\d+$/, '').toLowerCase();
    if (!isLocal(name) && !this.isOwnName(name)) {
      const api = this.model.apis.find((one) => name === executeApiHost(one));
      return api ? this.atExecuteApi(api, path) : this.atDomain(name, path);
    }
    const [, first = ''] = path.split('/');
    const rest = path.slice(1 + first.length);
    const api = this.model.apis.find(({ id }) => id === first);
    if (api) { return this.atExecuteApi(api, rest); }
    if (this.domains().some((domain) => matchesDomain(domain, first.toLowerCase()))) { return this.atDomain(first.toLowerCase(), rest); }
    const byStage = this.model.apis.filter(({ stages }) => stages.some((stage) => stage.name === first));
    return byStage.length === 1 ? this.atExecuteApi(byStage[0], path) : { status: 403 };
  }

  /** Every host that leads here on AWS; a custom domain may begin with `*.`. */
  public hosts(): string[] {
    const { apis, userPools = [] } = this.model;
    return [...new Set([...apis.map(executeApiHost), ...this.domains(), ...userPools.map(({ host }) => host)])];
  }

  public isHost(name: string): boolean {
    return this.hosts().some((host) => matchesDomain(host, name.toLowerCase()));
  }

  /** The origin here of a host that leads here on AWS; undefined for any other host. */
  public originFor(name: string): string | undefined {
    return this.isHost(name) ? `http://127.0.0.1:${this.port}` : undefined;
  }

  /** Host, port, and what else tells this API from the others: `localhost:3000`, `localhost:3000/a1b2c3d4e5`. */
  public localName(api: ApiModel): string {
    const stages = new Set(api.stages.map(({ name }) => name));
    const alone = !this.model.apis.some((other) => other !== api && other.stages.some(({ name }) => stages.has(name)));
    return `localhost:${this.port}${alone ? '' : `/${api.id}`}`;
  }

  public localNameOfDomain(domain: string): string {
    return `localhost:${this.port}/${domain}`;
  }

  /** The text with every URL of an API, as CloudFormation would write it, replaced by the one here. */
  public localize(text: string): string {
    let localized = text;
    for (const api of this.model.apis) {
      localized = localized.replaceAll(executeApiHost(api), this.localName(api));
      for (const { domainName } of api.mappings) {
        localized = localized.replaceAll(`://${domainName}/`, `://${this.localNameOfDomain(domainName)}/`);
        if (localized.endsWith(`://${domainName}`)) { localized = localized.replace(`://${domainName}`, `://${this.localNameOfDomain(domainName)}`); }
      }
    }
    return localized;
  }

  /** The custom domains of all APIs. */
  public domains(): string[] {
    return this.model.apis.flatMap(({ mappings }) => mappings.map(({ domainName }) => domainName));
  }

  private atExecuteApi(api: ApiModel, path: string): Address | NoAddress {
    const [, name = ''] = path.split('/');
    const stage = api.stages.find((one) => one.name === name);
    if (!stage || api.disableExecuteApiEndpoint) { return { status: 403 }; }
    return { api, stage, rest: path.slice(1 + name.length), domainName: executeApiHost(api) };
  }

  private atDomain(host: string, path: string): Address | NoAddress {
    const mappings = this.model.apis
      .flatMap((api) => api.mappings.filter(({ domainName }) => matchesDomain(domainName, host)).map((mapping) => ({ api, ...mapping })))
      // The longest path first, so that `a/b` goes before `a`.
      .sort((one, other) => other.path.length - one.path.length);
    if (mappings.length === 0) { return { status: 403 }; }
    for (const { api, path: mapped, stageName } of mappings) {
      const prefix = mapped === '' ? '' : `/${mapped}`;
      const stage = api.stages.find(({ name }) => name === stageName);
      // Without the slash at its end, a path that is mapped is not found.
      if (stage && (path.startsWith(`${prefix}/`) || (mapped === '' && path === ''))) {
        return { api, stage, rest: path.slice(prefix.length), domainName: host };
      }
    }
    return { status: 404 };
  }
}

function executeApiHost({ id, region, urlSuffix }: ApiModel): string {
  return `${id}.execute-api.${region}.${urlSuffix}`;
}

/** A name that a page of another origin could give to this machine is not ours to serve. */
export function isLocal(name: string): boolean {
  const lower = name.toLowerCase();
  return ['localhost', '[::1]', ''].includes(lower) || lower.endsWith('.localhost') || /^127(\.\d{1,3}){3}$/.test(lower);
}

/** A wildcard matches one label. */
export function matchesDomain(domain: string, host: string): boolean {
  return domain.startsWith('*.') ? host.slice(host.indexOf('.')) === domain.slice(1) : host === domain;
}
