import { asyncapi } from './asyncapi/asyncapi';
import { Command, usage } from './command';
import { local } from './local';
import { firstWord, Options, parseOptions } from './options';

const COMMANDS: ReadonlyArray<Command<any>> = [local, asyncapi];
const OPTIONS: Options = Object.assign({}, ...COMMANDS.map(({ options }) => options));

/** @returns what to do, or the text that was asked for */
export function parseCommandLine(args: string[], version: string): (() => Promise<void>) | string {
  const word = firstWord(args, OPTIONS);
  const command = COMMANDS.find(({ name }) => name === word);
  if (!command) {
    const { values } = parseOptions(args, OPTIONS);
    if (values.version) { return version; }
    if (values.help || args.length === 0) { return COMMANDS.map(usage).join('\n\n'); }
    throw new Error(`${word === undefined ? 'a command is missing' : `there is no command \`${word}\``}: write ${COMMANDS.map(({ name }) => `\`cdk-websocket-api ${name}\``).join(' or ')}, and see \`--help\``);
  }
  const { values, positionals: [, surplus] } = parseOptions(args, command.options);
  if (values.version) { return version; }
  if (values.help) { return usage(command); }
  if (surplus !== undefined) {
    throw new Error(`\`${surplus}\` is one word too many: write \`cdk-websocket-api ${command.name}\`, and see \`--help\``);
  }
  return () => command.run(values);
}
