import { BinaryLike, createHash, createHmac } from 'node:crypto';

/** What AWS's signer wants of SHA-256, by Node.js. */
export class Sha256 {
  private readonly hash;

  constructor(secret?: BinaryLike) {
    this.hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret);
  }

  public update(data: BinaryLike) { this.hash.update(data); }

  public async digest(): Promise<Uint8Array> { return this.hash.digest(); }

  public reset() { throw new Error('not needed'); }
}
