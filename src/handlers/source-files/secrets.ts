/** Files and folders that hold credentials, by the names that tools give them. */
const SECRETS = [
  /^\.env/, /\.env$/,
  /\.(pem|key|p12|pfx|jks|keystore|ppk)$/, /^id_(rsa|dsa|ecdsa|ed25519)/,
  /^\.(aws|ssh|azure|kube|docker|gnupg|gcloud)$/,
  /^\.(npmrc|yarnrc|yarnrc\.yml|pypirc|netrc|pgpass|htpasswd|git-credentials|dockercfg|s3cfg|boto|vault-token)$/, /^_netrc$/, /^pip\.(conf|ini)$/,
  /\.tfstate(\..*)?$/, /\.tfvars(\.json)?$/,
];

/** Whether a file or folder looks like it holds credentials, by its name. */
export function isSecret(name: string): boolean {
  const lower = name.toLowerCase();
  return SECRETS.some((pattern) => pattern.test(lower));
}

/** Whether it might also be public, such as a bundle of certificates. */
export function mayBePublic(name: string): boolean {
  return /\.(pem|key)$/i.test(name);
}
