/**
 * The endpoint of a service that runs on this machine, from the variables that AWS's tools read. The service is named as in the SDKs:
 * `sfn`, `secrets-manager`.
 */
export function serviceEndpoint(service: string, given: Readonly<Record<string, string | undefined>>): string | undefined {
  const environment: Readonly<Record<string, string | undefined>> = { ...process.env, ...given };
  return environment[endpointVariable(service)] ?? environment.AWS_ENDPOINT_URL;
}

export function endpointVariable(service: string): string {
  return `AWS_ENDPOINT_URL_${service.toUpperCase().replace(/[\s-]/g, '_')}`;
}
