import { asyncapi } from './asyncapi/asyncapi';
import { Command, usage } from './command';
import { invoke } from './invoke/invoke';
import { local } from './local';
import { firstWord, Options, parseOptions } from './options';

const COMMANDS: ReadonlyArray<Command<any>> = [local, invoke, asyncapi];
/** Of options that several have, that of the first counts. */
const OPTIONS: Options = Object.assign({}, ...COMMANDS.map(({ options }) => options).reverse());

/** @returns what to do, or the text that was asked for */
export function parseCommandLine(args: string[], version: string): (() => Promise<void>) | string {
  const word = firstWord(args, OPTIONS);
  const command = COMMANDS.find(({ name }) => name === word);
  if (!command) {
    const { values } = parseOptions(args, OPTIONS);
    if (values.version) { return version; }
    if (values.help || args.length === 0) { return COMMANDS.map(usage).join('\n\n'); }
    throw new Error(`${word === undefined ? 'a command is missing' : `there is no command \`${word}\``}: write ${COMMANDS.map((one) => `\`${example(one)}\``).join(' or ')}, and see \`--help\``);
  }
  const { values, positionals: [, ...words] } = parseOptions(args, command.options);
  if (values.version) { return version; }
  if (values.help) { return usage(command); }
  const wanted = command.words ?? [];
  if (words.length !== wanted.length) {
    const wrong = words.length > wanted.length ? `\`${words[wanted.length]}\` is one word too many` : `\`${wanted[words.length]}\` is missing`;
    throw new Error(`${wrong}: write \`${example(command)}\`, and see \`--help\``);
  }
  return () => command.run(values, words);
}

function example({ name, words = [] }: Command<any>): string {
  return ['cdk-websocket-api', name, ...words].join(' ');
}
