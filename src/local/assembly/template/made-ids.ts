import { createHash } from 'node:crypto';
import { partitionOf } from './partition';
import { StackTemplate } from '../assembly';

// Ids in place of those that AWS would choose: the same at every start, and different for every resource.

/** Lower-case letters and digits. */
export function hashOf(length: number, ...parts: string[]): string {
  return BigInt(`0x${digestOf(parts)}`).toString(36).padStart(50, '0').slice(-length);
}

export function uuidOf(...parts: string[]): string {
  const digest = digestOf(parts);
  return [[0, 8], [8, 12], [12, 16], [16, 20], [20, 32]].map(([from, to]) => digest.slice(from, to)).join('-');
}

export function stackId({ account, region, name }: StackTemplate): string {
  return `arn:${partitionOf(region).name}:cloudformation:${region}:${account}:stack/${name}/${uuidOf(account, region, name)}`;
}

function digestOf(parts: string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
