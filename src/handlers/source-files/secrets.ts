/** Files and folders that hold credentials, by the names that tools give them. */
const SECRETS = [
  /^\.env/, /\.env$/,
  /\.(pem|key|p12|pfx|jks|keystore|ppk)$/, /^id_(rsa|dsa|ecdsa|ed25519)/,
  /^\.(aws|ssh|azure|kube|docker|gnupg|gcloud)$/,
  /^\.(npmrc|yarnrc|yarnrc\.yml|pypirc|netrc|pgpass|htpasswd|git-credentials|dockercfg|s3cfg|boto|vault-token)$/, /^_netrc$/, /^pip\.(conf|ini)$/,
  /\.tfstate(\..*)?$/, /\.tfvars(\.json)?$/,
];

/** Whether a file or folder of this name holds credentials, as far as its name says. */
export function isSecret(name: string): boolean {
  const lower = name.toLowerCase();
  return SECRETS.some((pattern) => pattern.test(lower));
}

/** Whether a secret might also be something that a program needs: a bundle of public certificates, above all. */
export function mayBePublic(name: string): boolean {
  return /\.(pem|key)$/i.test(name);
}
