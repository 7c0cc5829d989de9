/** Where a service is called that runs on this machine, as AWS's tools are told it. The service is named as in the SDKs: `sfn`, `secrets-manager`. */
export function serviceEndpoint(service: string, given: Readonly<Record<string, string | undefined>>): string | undefined {
  const environment: Readonly<Record<string, string | undefined>> = { ...process.env, ...given };
  return environment[endpointVariable(service)] ?? environment.AWS_ENDPOINT_URL;
}

export function endpointVariable(service: string): string {
  return `AWS_ENDPOINT_URL_${service.toUpperCase().replace(/[\s-]/g, '_')}`;
}
