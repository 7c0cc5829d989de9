/** The ARN of a function without the version or alias that it may name. */
export function withoutQualifier(arn: string): string {
  return arn.split(':').slice(0, 7).join(':');
}

/** The version or alias that the ARN of a function names. */
export function qualifierOf(arn: string): string | undefined {
  const [, qualifier] = /^(?:[^:]*:){7}(.+)$/.exec(arn) ?? [];
  return qualifier === '$LATEST' ? undefined : qualifier;
}

/** The version that a call of this ARN runs. The assembly has one version of a function: aliases lead to it. */
export function versionOf(arn: string): string {
  const qualifier = qualifierOf(arn);
  if (qualifier === undefined) { return '$LATEST'; }
  return /^\d+$/.test(qualifier) ? qualifier : '1';
}
