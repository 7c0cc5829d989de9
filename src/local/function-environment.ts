import { FunctionModel } from './definition/model';
import { Trust } from './trust';
import { AddressBook } from './wire/address';

/** What the user may set for all functions. Whoever sets a proxy has a reason for it. */
const FOR_ALL = /^(?:AWS_ENDPOINT_URL(?:_.+)?|(?:https|no)_proxy)$/i;

/** The environment of a function here: URLs lead to the gateway, its certificates are trusted, and the user's own values win. */
export function environmentOf(
  fn: FunctionModel, env: Readonly<Record<string, string>>, addresses: AddressBook, trust: Trust, gatewayUrl: string,
): Record<string, string> {
  const endpoints = Object.entries(process.env).filter(([name]) => /^AWS_ENDPOINT_URL(_|$)/.test(name));
  const forAll = Object.entries(env).filter(([name]) => FOR_ALL.test(name));
  return {
    // The SDK warns of an old Node.js, which is this machine's and not Lambda's.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    // A general `AWS_ENDPOINT_URL` is for the services that run elsewhere: the functions of the app run here.
    AWS_ENDPOINT_URL_LAMBDA: gatewayUrl,
    ...Object.fromEntries(endpoints) as Record<string, string>,
    ...Object.fromEntries(forAll),
    ...Object.fromEntries(Object.entries(fn.environment).map(([name, value]) => [name, env[name] ?? addresses.localize(value)])),
    ...trust.variables(),
  };
}
