import { inOrder, Names } from './names';
import { ApiModel, StageModel } from '../definition/model';

type Part = { [name: string]: unknown };

/** Values of the app that are known only once it is deployed: what stands for each in the assembly, and its name. */
export type Unresolved = ReadonlyArray<{ readonly name: string; readonly placeholder: string }>;

interface Address {
  readonly host: string;
  readonly pathname?: string;
  readonly title: string;
  readonly variables: Part;
}

/**
 * Where an API is: at its own domains, and at API Gateway's unless that is switched off. Each stage is a server. There is one at least: a
 * channel without a server is one that all servers have.
 */
export function serversOf(
  api: ApiModel, label: string[], names: Names, security: readonly Part[], unresolved: Unresolved,
): Map<string, Part> {
  const servers = inOrder(api.stages, ({ name }) => name).flatMap((stage) => [
    ...inOrder(api.mappings.filter(({ stageName }) => stageName === stage.name), ({ domainName, path }) => `${domainName}/${path}`)
      .map(({ domainName, path }) => ({ name: [...label, stage.name, domainName].join('-'), at: ofDomain(domainName, path, unresolved) })),
    ...api.disableExecuteApiEndpoint ? [] : [{ name: [...label, stage.name].join('-'), at: ofStage(api, stage, unresolved) }],
  ]);
  const known = servers.length > 0 ? servers : [{ name: [...label, 'unknown'].join('-'), at: UNKNOWN }];
  return new Map(known.map(({ name, at: { host, pathname, title, variables } }) => [names.take(name), {
    host,
    protocol: 'wss',
    ...pathname === undefined ? {} : { pathname },
    title,
    ...Object.keys(variables).length === 0 ? {} : { variables },
    ...security.length === 0 ? {} : { security },
  }]));
}

function ofDomain(domainName: string, path: string, unresolved: Unresolved): Address {
  const variables: Part = {};
  const host = named(domainName, unresolved, variables).replace(/^\*\./, () => {
    variables.subdomain = { description: 'Any name: the domain is a wildcard.' };
    return '{subdomain}.';
  });
  // API Gateway answers "Not Found" without the last slash.
  return { host, ...path === '' ? {} : { pathname: `/${named(path, unresolved, variables)}/` }, title: 'A domain of its own', variables };
}

/** The id and the Region are the deployment's, and no matter of the app. */
function ofStage({ urlSuffix }: ApiModel, { name }: StageModel, unresolved: Unresolved): Address {
  const variables: Part = {
    apiId: { description: 'The id that API Gateway gave the API.' },
    region: { description: 'The Region of the deployment.' },
  };
  return {
    host: `{apiId}.execute-api.{region}.${urlSuffix}`,
    pathname: `/${named(name, unresolved, variables)}`,
    title: 'The address that API Gateway gives',
    variables,
  };
}

/** An API without a stage, or with its own endpoint disabled, and with no domain. */
const UNKNOWN: Address = {
  host: '{host}', title: 'An address that the app does not know', variables: { host: { description: 'Where the API is: the app has neither a stage nor a domain for it.' } },
};

/** Text in which variables stand for the values that are not known. */
function named(text: string, unresolved: Unresolved, variables: Part): string {
  return unresolved.reduce((result, { name, placeholder }) => {
    // Domains are compared in lower case.
    const at = result.toLowerCase().indexOf(placeholder.toLowerCase());
    if (at < 0) { return result; }
    const variable = name.replace(/[^A-Za-z0-9_-]/g, '_');
    variables[variable] = { description: `\`${name}\`, which is known once the app is deployed.` };
    return `${result.slice(0, at)}{${variable}}${result.slice(at + placeholder.length)}`;
  }, text);
}
