import { AttributeValue } from '@aws-sdk/client-dynamodb';

/** What every item of a connection says of it. */
export interface Member {
  readonly connectionId: string;
  readonly user?: string;
  /** In milliseconds. */
  readonly connectedAt: number;
  /** When it counts as gone, in seconds. */
  readonly expiresAt: number;
  /** When nothing more is sent to it, in seconds: its token has expired. */
  readonly closesAt?: number;
}

export interface Connection extends Member {
  readonly sourceIp?: string;
  readonly groups: readonly string[];
  /** The groups whose members are told when it leaves. */
  readonly announced: readonly string[];
  /** Values of the handshake that routes name groups by. */
  readonly values: { readonly [expression: string]: string };
}

type Item = Record<string, AttributeValue>;

export function memberItem({ user, connectedAt, expiresAt, closesAt }: Member): Item {
  return {
    ...user === undefined ? {} : { user: { S: user } },
    connectedAt: { N: String(connectedAt) },
    expiresAt: { N: String(expiresAt) },
    ...closesAt === undefined ? {} : { closesAt: { N: String(closesAt) } },
  };
}

export function connectionItem(connection: Connection): Item {
  const { sourceIp, groups, announced, values } = connection;
  return {
    ...memberItem(connection),
    ...sourceIp === undefined ? {} : { sourceIp: { S: sourceIp } },
    // A set cannot be empty.
    ...groups.length === 0 ? {} : { groups: { SS: [...groups] } },
    ...announced.length === 0 ? {} : { announced: { SS: [...announced] } },
    values: { M: Object.fromEntries(Object.entries(values).map(([expression, value]) => [expression, { S: value }])) },
  };
}

export function parseMember(item: Item): Member {
  return {
    connectionId: item.sk.S!,
    user: item.user?.S,
    connectedAt: Number(item.connectedAt?.N),
    expiresAt: Number(item.expiresAt?.N),
    closesAt: item.closesAt?.N === undefined ? undefined : Number(item.closesAt.N),
  };
}

export function parseConnection(item: Item): Connection {
  return {
    ...parseMember(item),
    sourceIp: item.sourceIp?.S,
    groups: item.groups?.SS ?? [],
    announced: item.announced?.SS ?? [],
    values: Object.fromEntries(Object.entries(item.values?.M ?? {}).map(([expression, value]) => [expression, value.S!])),
  };
}
