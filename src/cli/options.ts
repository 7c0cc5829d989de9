import { parseArgs } from 'node:util';

/** An option of a command. From this, the parser, the usage and the table in the documentation are made. */
export interface Option {
  readonly type: 'boolean' | 'string';
  readonly short?: string;
  /** What stands for its value in the usage. */
  readonly value?: string;
  /** It may be given without its value, which is then empty. */
  readonly optional?: true;
  /** It may be given several times. */
  readonly multiple?: true;
  /** Another name, which still works and which nobody is told. */
  readonly formerly?: string;
  readonly help: string;
}

export type Options = Readonly<Record<string, Option>>;

/** What a user gave, by the names of the options. */
export type Values<T extends Options> = {
  readonly [Name in keyof T]?: T[Name] extends { readonly multiple: true } ? string[] : T[Name] extends { readonly type: 'string' } ? string : boolean
};

const COMMON: Options = {
  help: { type: 'boolean', short: 'h', help: 'print this' },
  version: { type: 'boolean', short: 'v', help: 'print the version' },
};

export interface Parsed<T extends Options> {
  readonly values: Values<T> & { readonly help?: boolean; readonly version?: boolean };
  readonly positionals: readonly string[];
}

/** @throws Error that names the option which is unknown, or lacks its value */
export function parseOptions<T extends Options>(args: readonly string[], options: T): Parsed<T> {
  const known = Object.entries({ ...options, ...COMMON });
  const former = known.flatMap(([name, option]) => (option.formerly === undefined ? [] : [{ old: option.formerly, name, option }]));
  const config = ({ type, short, multiple }: Option) => ({ type, multiple: multiple === true, ...short === undefined ? {} : { short } });
  try {
    const { values, positionals }: { values: Record<string, unknown>; positionals: string[] } = parseArgs({
      args: withEmptyValues(args, { ...options, ...COMMON }),
      allowPositionals: true,
      options: Object.fromEntries([
        ...known.map(([name, option]) => [name, config(option)]),
        ...former.map(({ old, option }) => [old, config({ ...option, short: undefined })]),
      ]),
    });
    const renamed = Object.fromEntries(former.flatMap(({ old, name }) => (values[old] === undefined ? [] : [[name, values[old]]])));
    return { values: { ...renamed, ...values } as Parsed<T>['values'], positionals };
  } catch (error) {
    const [message] = (error as Error).message.split(/\.\s/);
    throw new Error(`${message.charAt(0).toLowerCase()}${message.slice(1).replaceAll("'", '`')}: see \`cdk-websocket-api --help\``);
  }
}

/** The first word of a command line that is no option, and no value of one. */
export function firstWord(args: readonly string[], options: Options): string | undefined {
  const { tokens } = parseArgs({
    args: withEmptyValues(args, options),
    strict: false,
    tokens: true,
    options: Object.fromEntries(Object.entries({ ...options, ...COMMON }).flatMap(([name, { type, short, formerly }]) => [
      [name, { type, ...short === undefined ? {} : { short } }], ...formerly === undefined ? [] : [[formerly, { type }]],
    ])),
  });
  return tokens.flatMap((token) => (token.kind === 'positional' ? token.value : []))[0];
}

/** `--inspect` stands for `--inspect=` where what follows is no value. */
function withEmptyValues(args: readonly string[], options: Options): string[] {
  const isAlone = (arg: string, next: string | undefined) => (
    arg.startsWith('--') && options[arg.slice(2)]?.optional === true && (next === undefined || next.startsWith('-'))
  );
  return args.map((arg, index) => (isAlone(arg, args[index + 1]) ? `${arg}=` : arg));
}

/** The options, one a line. */
export function usageOf(options: Options): string {
  const rows = Object.entries({ ...options, ...COMMON }).map(([name, { value, help }]) => [`--${name}${value === undefined ? '' : ` ${value}`}`, help]);
  const width = Math.max(...rows.map(([option]) => option.length));
  return rows.map(([option, help]) => `  ${option.padEnd(width)}  ${help}`).join('\n');
}

/** The same as a table in Markdown. */
export function tableOf(options: Options): string {
  const rows = Object.entries(options).map(([name, { short, value, help }]) => {
    const rest = value === undefined ? '' : ` ${value.replaceAll('|', '\\|')}`;
    return `| \`--${name}${rest}\`${short === undefined ? '' : `, \`-${short}\``} | ${help} |`;
  });
  return ['| option | |', '|---|---|', ...rows].join('\n');
}
