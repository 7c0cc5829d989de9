import { statSync } from 'node:fs';
import { relative, sep } from 'node:path';

/** Files and folders that hold credentials, by the names that tools give them. */
const SECRETS = [
  /^\.env/, /\.env$/,
  /\.(pem|key|p12|pfx|jks|keystore|ppk)$/, /^id_(rsa|dsa|ecdsa|ed25519)/,
  /^\.(aws|ssh|azure|kube|docker|gnupg|gcloud)$/,
  /^\.(npmrc|yarnrc|yarnrc\.yml|pypirc|netrc|pgpass|htpasswd|git-credentials|dockercfg|s3cfg|boto|vault-token)$/, /^_netrc$/, /^pip\.(conf|ini)$/,
  /\.tfstate(\..*)?$/, /\.tfvars(\.json)?$/,
];

export type Secrecy = 'public' | 'secret' | 'doubtful';

/**
 * Whether a file or folder looks like it holds credentials. A doubtful file may also be public, such as a bundle of certificates.
 *
 * @param root the folder that is deployed, and `path` below it, both without links: a link may lead to a secret under another name
 */
export function secrecyOf(name: string, path: string, root: string): Secrecy {
  // A published package may carry the certificates of an authority.
  const isPublished = mayBePublic(name) && /[/\\]node_modules[/\\]/.test(path);
  if (isPublished || ![name, ...relative(root, path).split(sep)].some(isSecret)) { return 'public'; }
  return mayBePublic(name) && !statSync(path).isDirectory() ? 'doubtful' : 'secret';
}

/** What to say about files that are left out, but that a handler may need. */
export function doubtfulFiles(paths: string[], folder: string): string {
  return `${paths.map((path) => `\`${path}\``).join(', ')} in \`${folder}\` may be a private key, so it is not deployed. ` +
    'If it holds public certificates only, give it the extension `.crt`; if it is a secret, read it from Secrets Manager, and put it into `.gitignore`';
}

function isSecret(name: string): boolean {
  const lower = name.toLowerCase();
  return SECRETS.some((pattern) => pattern.test(lower));
}

function mayBePublic(name: string): boolean {
  return /\.(pem|key)$/i.test(name);
}
