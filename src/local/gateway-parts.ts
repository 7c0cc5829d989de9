import { existsSync } from 'node:fs';
import { Clock } from './clock';
import { Model } from './definition/model';
import { Confined } from './dispatch/confined';
import { UnderWay } from './dispatch/under-way';
import { Trace } from './events/trace';
import { Callers, Credentials } from './iam/callers';
import { integrationHost } from './integration-host';
import { runIntegration } from './integrations/integration';
import { EventInvocations } from './lambda/event-invocations';
import { Functions } from './lambda/functions';
import { InspectedFunctions } from './lambda/inspected-functions';
import { Trust } from './trust';
import { AddressBook } from './wire/address';
import { Backend, Throttles } from './wire/backend';

export interface PartsOptions {
  readonly clock: Clock;
  readonly env: Readonly<Record<string, string>>;
  readonly appFolder: string;
  readonly maxConcurrency?: number;
  /** A function that a debugger attaches to, by its path, name or ARN; empty for all. */
  readonly inspect?: string;
}

export interface GatewayParts {
  readonly backend: Backend;
  readonly confined: Confined;
  readonly trust: Trust;
  readonly developer: Credentials;
  readonly underWay: UnderWay;
  readonly eventInvocations: EventInvocations;
  /** What the user gave. What is added to it later counts for integrations too. */
  readonly env: Record<string, string>;
}

/** Makes what a gateway is composed of. From here on, a shell waits to clean up and folders exist: only `close` ends them. */
export async function partsOf(options: PartsOptions, model: Model): Promise<GatewayParts> {
  const { clock, appFolder, maxConcurrency, inspect } = options;
  const env = { ...options.env };
  const trace = new Trace(() => clock.now());
  const callers = new Callers();
  const developer = callers.credentialsOf({ arn: 'arn:aws:iam::123456789012:user/local', name: 'the developer', account: '123456789012' });
  const underWay = new UnderWay(trace);
  const inspected = inspect === undefined ? undefined : new InspectedFunctions(inspect, appFolder, trace);
  if (inspected && inspect !== '' && ![...model.functions.values()].some((fn) => inspected.has(fn))) {
    const names = [...model.functions.values()].map(({ path }) => `\`${path}\``).join(', ');
    throw new Error(`there is no function \`${inspect}\` to attach a debugger to: there is ${names}`);
  }
  const functions = new Functions({ callers, trace, appFolder, maxConcurrency, inspected, clock });
  try {
    const trust = new Trust(functions.newFolder('certificates'), env.NODE_EXTRA_CA_CERTS ?? process.env.NODE_EXTRA_CA_CERTS);
    if (env.NODE_EXTRA_CA_CERTS !== undefined && !existsSync(env.NODE_EXTRA_CA_CERTS)) {
      trace.add({ type: 'warning', text: `\`NODE_EXTRA_CA_CERTS\` of the env file is \`${env.NODE_EXTRA_CA_CERTS}\`, which is not there: functions trust nothing of it` });
    }
    const confined = new Confined();
    const eventInvocations = new EventInvocations({ functions, clock, trace, track: (attempt) => void underWay.track(attempt) });
    const backend: Backend = {
      clock,
      trace,
      callers,
      functions,
      eventInvocations,
      model,
      confined,
      connections: new Map(),
      addresses: new AddressBook(model, 0),
      throttles: new Throttles(clock),
      runIntegration: (api, integration, request) => runIntegration(integration, request, integrationHost(api, backend, env, developer)),
    };
    return { backend, confined, trust, developer, underWay, eventInvocations, env };
  } catch (error) {
    await functions.close();
    throw error;
  }
}
