import { Token } from 'aws-cdk-lib';
import { isPublicSuffix } from './public-suffix';

/** Checks what ACM, Route 53 or API Gateway would refuse when the domain is deployed. */
export function checkDomainName(name: string): void {
  if (Token.isUnresolved(name)) { return; }
  const quoted = `domain name \`${JSON.stringify(name)}\``;
  if (name !== name.toLowerCase()) {
    throw new Error(`${quoted} has upper case letters: write \`${JSON.stringify(name.toLowerCase())}\``);
  }
  if (name.endsWith('.')) {
    throw new Error(`${quoted} ends with a dot: write \`${JSON.stringify(name.replace(/\.+$/, ''))}\``);
  }
  const labels = name.split('.');
  if (labels.length < 2) {
    throw new Error(`${quoted} has only one label: write the whole name, such as \`"${name || 'api'}.domain.com"\``);
  }
  if (labels.includes('')) {
    throw new Error(`${quoted} has an empty label: write one dot between labels, and none around the name`);
  }
  if (labels.slice(1).some((label) => label.includes('*')) || (labels[0].includes('*') && (labels[0] !== '*' || labels.length < 3))) {
    throw new Error(`${quoted} has a wildcard where there cannot be one: \`*\` is the whole first label or none, such as \`"*.domain.com"\``);
  }
  const bad = labels.find((label) => label !== '*' && !/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(label));
  if (bad !== undefined || name.length > 255) {
    throw new Error(`${quoted} is not a domain name${bad === undefined
      ? ': it has more than 255 characters'
      : ` because of \`${JSON.stringify(bad)}\`: a label is 1 to 63 letters, digits and inner hyphens`}`);
  }
  const suffix = name.replace(/^\*\./, '');
  if (isPublicSuffix(suffix)) {
    throw new Error(`${quoted} stands for everybody's names below \`${JSON.stringify(suffix)}\`, a public suffix: write a name of your own, such as \`"domain.${suffix}"\``);
  }
}

/** The name of the zone that a domain's records are most likely in. */
export function defaultZone(domainName: string): string {
  const parent = domainName.slice(domainName.indexOf('.') + 1);
  return parent.includes('.') && !isPublicSuffix(parent) ? parent : domainName;
}

export function checkPath(path: string | undefined): void {
  if (path === undefined || Token.isUnresolved(path)) { return; }
  const quoted = `\`path\` \`${JSON.stringify(path)}\``;
  const stripped = path.replace(/^\/+|\/+$/g, '');
  if (stripped === '') {
    throw new Error(`${quoted} is empty: leave it out for the root of the domain`);
  }
  if (stripped !== path) {
    throw new Error(`${quoted} has a slash around it: write \`${JSON.stringify(stripped)}\``);
  }
  if (path.length > 300 || !/^[A-Za-z0-9$\-_.+!*'()]+(\/[A-Za-z0-9$\-_.+!*'()]+)*$/.test(path)) {
    throw new Error(`${quoted} is refused by API Gateway: it takes at most 300 letters, digits and \`$-_.+!*'()\`, in levels with one \`/\` between them`);
  }
}
