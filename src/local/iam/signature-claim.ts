import { ALGORITHM } from '../../signature/canonical-request';

const MAX_EXPIRES_SECONDS = 7 * 24 * 60 * 60;
/** How long a presigned URL is good for if it does not say so. */
const DEFAULT_EXPIRES_SECONDS = 300;

/** What a client claims. It is in the headers, or in the query of a presigned URL. */
export interface Claim {
  readonly credential: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly signedAt: number;
  readonly token?: string;
  /** Of a presigned URL. */
  readonly expiresSeconds?: number;
}

/** A signature that is refused, in API Gateway's words. */
export class Refusal extends Error {
  /** @param reason the same for the trace, if the message repeats a secret, such as a token */
  constructor(public readonly errorType: string, message: string, public readonly reason = message) {
    super(message);
  }
}

export function claimOfHeaders(headers: Readonly<Record<string, string>>): Claim {
  const header = headers.authorization;
  const [algorithm, ...rest] = header.trim().split(/\s+/);
  const values: Record<string, string> = Object.create(null);
  for (const pair of rest.join(' ').split(/[\s,]+/).filter(Boolean)) {
    const [, name, value] = /^([^=]+)=(.*)$/.exec(pair) ?? [];
    if (name === undefined) {
      throw new Refusal('IncompleteSignatureException', `'${pair}' not a valid key=value pair (missing equal-sign) in Authorization header: '${header}'.`,
        'the header `Authorization` is not a signature: the text after the algorithm is not `key=value`');
    }
    values[name] = value;
  }
  const date = headers['x-amz-date'] ?? headers.date;
  const missing = [
    ...['Credential', 'Signature', 'SignedHeaders'].filter((name) => !values[name]).map((name) => `Authorization header requires '${name}' parameter.`),
    ...date === undefined ? ["Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header."] : [],
  ];
  if (missing.length > 0) {
    throw new Refusal('IncompleteSignatureException', `${missing.join(' ')} Authorization=${algorithm}`, missing.join(' '));
  }
  checkAlgorithm(algorithm);
  return {
    credential: values.Credential,
    signedHeaders: values.SignedHeaders.toLowerCase().split(';'),
    signature: values.Signature,
    signedAt: parseDate(date),
    token: headers['x-amz-security-token'],
  };
}

export function claimOfQuery(query: ReadonlyArray<readonly [string, string]>): Claim {
  const values = new Map(query);
  const algorithm = values.get('X-Amz-Algorithm');
  if (algorithm === undefined) {
    throw new Refusal('MissingAuthenticationTokenException', 'Missing Authentication Token');
  }
  checkAlgorithm(algorithm);
  const required = (name: string): string => {
    const value = values.get(name);
    if (!value) {
      throw new Refusal('IncompleteSignatureException', `AWS query-string parameters must include '${name}'. Re-examine the query-string parameters.`);
    }
    return value;
  };
  const expires = values.get('X-Amz-Expires') ?? String(DEFAULT_EXPIRES_SECONDS);
  if (!/^\d+$/.test(expires) || Number(expires) > MAX_EXPIRES_SECONDS) {
    throw new Refusal('InvalidSignatureException', `X-Amz-Expires must be a number of seconds of at most a week: ${MAX_EXPIRES_SECONDS}`);
  }
  return {
    credential: required('X-Amz-Credential'),
    signedHeaders: required('X-Amz-SignedHeaders').toLowerCase().split(';'),
    signature: required('X-Amz-Signature'),
    signedAt: parseDate(required('X-Amz-Date')),
    // Of what is in the query, all but the signature is signed: a token that was appended after signing, as for AWS IoT, does not fit.
    token: values.get('X-Amz-Security-Token'),
    expiresSeconds: Number(expires),
  };
}

function checkAlgorithm(algorithm: string) {
  if (algorithm !== ALGORITHM) {
    throw new Refusal('IncompleteSignatureException', `Unsupported AWS 'algorithm': '${algorithm}'.`, `the algorithm of the signature is not \`${ALGORITHM}\``);
  }
}

/** An access key id, then date, region, service and terminator. */
export function splitCredential(credential: string): string[] {
  const parts = credential.split('/');
  if (parts.length !== 5) {
    throw new Refusal('IncompleteSignatureException', `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${credential}'`);
  }
  return parts;
}

function parseDate(text: string): number {
  const time = Date.parse(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  if (Number.isNaN(time)) {
    throw new Refusal('IncompleteSignatureException', `Date must be in ISO-8601 'basic format'. Got '${text}'. See http://en.wikipedia.org/wiki/ISO_8601`);
  }
  return time;
}
