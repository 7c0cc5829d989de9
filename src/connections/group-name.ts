import { Token } from 'aws-cdk-lib';
import { parsePath } from './message-path';
import { GroupSettings, ValueSettings } from './settings';
import { HandshakeValue } from '../auth/handshake-value';
import { checkArgument, made, TEXT } from '../given/kind';
import { checkOptions, OptionsOf } from '../given/options';

/** The longest name of a group, in bytes. */
const MAX_BYTES = 256;

/**
 * The name of a group of connections: one that you know, or one that is read from a message or from the handshake.
 *
 * **Who may join?** An authorizer sees the handshake and no message, so a group that a message names is any group with its prefix, for
 * every client. Where that is too much, read the group from what the authorizer has answered (`fromHandshake`), or join clients from a
 * handler that has asked your database, through the broadcaster.
 *
 * @example
 * new WebSocketApi(this, 'Api', {
 *   connections: ConnectionTable.create(),
 *   routes: {
 *     'join': Route.joinGroup(GroupName.fromMessage('$.room', { prefix: 'room:' })),
 *     'say': Route.sendToGroup(GroupName.fromMessage('$.room', { prefix: 'room:' })),
 *   },
 * });
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-control-access.html
 */
export class GroupName {
  /**
   * One group.
   *
   * @param name its name, as it is: white space counts. An error if it is empty or has more than 256 bytes in UTF-8
   */
  public static of(name: string): GroupName {
    checkText('`name` of `GroupName.of()`', name);
    return new GroupName({ of: name });
  }

  /**
   * The group that a message names. Every client may name any group with the prefix, and none without it.
   *
   * @param path where the name is in the message, as a JSON path, such as `$.room`. An error if it is none. A message without text there,
   * or with more than 256 bytes, the prefix included, is answered with an error
   * @param options the prefix
   */
  public static fromMessage(path: string, options: MessageGroupOptions): GroupName {
    const steps = parsePath('`path` of `GroupName.fromMessage()`', path);
    checkOptions('`GroupName.fromMessage()`', MESSAGE_GROUP_OPTIONS, options);
    if (options?.prefix === undefined || options.prefix === null) {
      throw new Error('`GroupName.fromMessage()` needs a `prefix`: without one, clients could join every group of the API, whatever it is for; ' +
        `write \`GroupName.fromMessage(${JSON.stringify(path)}, { prefix: 'room:' })\``);
    }
    checkPrefix('`prefix` of `GroupName.fromMessage()`', options.prefix);
    return new GroupName({ path: steps, prefix: options.prefix });
  }

  /**
   * The group that a value of the connection's own handshake names. A value that is a JSON list names several groups.
   *
   * @param value the value. What the authorizer has answered with is certain; a header and the query string are the client's own word,
   * which is a warning. An error if it is the subprotocol, which holds a token
   */
  public static fromHandshake(value: HandshakeValue, options: HandshakeGroupOptions = {}): GroupName {
    checkArgument('`value` of `GroupName.fromHandshake()`', made(HandshakeValue), value);
    checkOptions('`GroupName.fromHandshake()`', HANDSHAKE_GROUP_OPTIONS, options);
    if (options.prefix !== undefined) { checkPrefix('`prefix` of `GroupName.fromHandshake()`', options.prefix); }
    return new GroupName({ value: valueSettings('`GroupName.fromHandshake()`', value), prefix: options.prefix ?? '' });
  }

  private constructor(
    /** @internal */
    public readonly _settings: GroupSettings,
  ) {
  }
}

/**
 * Options of a group that a message names.
 */
export interface MessageGroupOptions {
  /**
   * What the names of all such groups start with, as `room:`. It keeps clients out of groups that are for something else. An error if it
   * is empty or has more than 255 bytes in UTF-8.
   */
  readonly prefix: string;
}

/**
 * Options of a group that the handshake names.
 */
export interface HandshakeGroupOptions {
  /**
   * What the names of all such groups start with, as `tenant:`. An error if it is empty or has more than 255 bytes in UTF-8.
   *
   * @default - nothing
   */
  readonly prefix?: string;
}

const MESSAGE_GROUP_OPTIONS = { prefix: TEXT } satisfies OptionsOf<MessageGroupOptions>;
const HANDSHAKE_GROUP_OPTIONS = { prefix: TEXT } satisfies OptionsOf<HandshakeGroupOptions>;

export const GROUP_NAME = made(GroupName, (value) => typeof value === 'string'
  ? value.startsWith('$') ? `GroupName.fromMessage(${JSON.stringify(value)}, { prefix: 'room:' })` : `GroupName.of(${JSON.stringify(value)})`
  : undefined);

/** A value of the handshake, as the shipped functions are told it. */
export function valueSettings(owner: string, { _place: place, _name: name }: HandshakeValue): ValueSettings {
  if (place === 'subprotocol') {
    throw new Error(`${owner} cannot have \`HandshakeValue.subprotocol()\`, which holds a token: name what the authorizer has found in it, with \`HandshakeValue.authorizer("sub")\``);
  }
  return { place, name };
}

function checkPrefix(what: string, prefix: string): void {
  checkText(what, prefix);
  if (!Token.isUnresolved(prefix) && Buffer.byteLength(prefix) === MAX_BYTES) {
    throw new Error(`${what} has ${MAX_BYTES} bytes, and so has the longest name of a group: nothing could follow it; write a shorter one`);
  }
}

function checkText(what: string, text: string): void {
  checkArgument(what, TEXT, text);
  if (Token.isUnresolved(text)) { return; }
  const bytes = Buffer.byteLength(text);
  if (bytes === 0) { throw new Error(`${what} is empty: write a text, such as \`"room:"\``); }
  if (bytes > MAX_BYTES) { throw new Error(`${what} has ${bytes} bytes: the name of a group has at most ${MAX_BYTES}, prefix included`); }
}
