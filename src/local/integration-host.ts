import { ApiModel, PrincipalModel } from './definition/model';
import { serviceEndpoint } from './definition/service-endpoint';
import { callerOf, conditionKeys, Credentials } from './iam/callers';
import { isAllowed } from './iam/iam-policy';
import { IntegrationHost } from './integrations/integration';
import { Backend } from './wire/backend';

/** What the integrations of an API reach outside of themselves. */
export function integrationHost(
  api: ApiModel, backend: Pick<Backend, 'model' | 'functions' | 'addresses' | 'callers' | 'confined' | 'eventInvocations'>, env: Readonly<Record<string, string>>, developer: Credentials,
): IntegrationHost {
  const { model: { principals }, functions, callers, confined } = backend;
  const withArn = (roleArn: string | undefined): PrincipalModel | undefined => principals.find(({ arn }) => arn === roleArn);
  return {
    region: api.region,
    async invokeFunction(arn, payload, timeoutMillis) {
      const result = await functions.invoke(arn, payload, timeoutMillis);
      return result.timedOut ? { payload: JSON.stringify({ errorMessage: 'Endpoint request timed out' }), functionError: 'Timeout' } : result;
    },
    invokeLater: (arn, payload) => void backend.eventInvocations.begin(arn, payload),
    evaluate: (owner, name, ...args) => confined.run(owner, name, ...args),
    originFor: (host) => backend.addresses.originFor(host),
    endpointFor: (service) => serviceEndpoint(service, env),
    credentialsFor(roleArn) {
      const role = withArn(roleArn);
      return role ? callers.credentialsOf(callerOf(role)) : developer;
    },
    isAllowed(roleArn, action, resource, region) {
      const role = withArn(roleArn);
      return isAllowed(role?.statements, { action, resource, context: role && (() => conditionKeys(callerOf(role), region)) }) === 'allow';
    },
  };
}
