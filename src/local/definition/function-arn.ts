/** The ARN of a function without the version or alias that it may name. */
export function withoutQualifier(arn: string): string {
  return arn.split(':').slice(0, 7).join(':');
}

/** The version or alias that the ARN of a function names. */
export function qualifierOf(arn: string): string | undefined {
  let colon = -1;
  for (let count = 0; count < 7; count++) {
    colon = arn.indexOf(':', colon + 1);
    if (colon === -1) { return undefined; }
  }
  const qualifier = arn.slice(colon + 1);
  return qualifier === '' || qualifier === '$LATEST' ? undefined : qualifier;
}

/** The version that a call of this ARN runs. The assembly has one version of a function: aliases lead to it. */
export function versionOf(arn: string): string {
  const qualifier = qualifierOf(arn);
  if (qualifier === undefined) { return '$LATEST'; }
  return /^\d+$/.test(qualifier) ? qualifier : '1';
}
