import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { findAssembly } from '../../local/assembly/app-assembly';
import { UNKNOWN_REGION } from '../../local/assembly/default-place';
import { readModel } from '../../local/assembly/model-reader';
import { asyncApiDocument } from '../../local/asyncapi/document';

export interface AsyncApiOptions {
  /** A folder or a command. */
  readonly app?: string;
  /** The path of a file. */
  readonly out: string;
  readonly check: boolean;
}

/**
 * Writes the document of an app, or checks that it is written.
 *
 * @returns what was done, for the user
 * @throws Error if the file is to be checked, and is missing or another
 */
export async function writeAsyncApi({ app, out, check }: AsyncApiOptions): Promise<string> {
  const { folder } = await findAssembly(app, (text) => process.stderr.write(text));
  const text = asyncApiText(folder);
  const file = resolve(out);
  const written = textOf(file);
  if (written === text) { return `${out} is current`; }
  if (check) {
    const again = `run \`cdk-websocket-api asyncapi${out === 'asyncapi.json' ? '' : ` --out ${out}`}\`, and commit it`;
    throw new Error(written === undefined ? `\`${out}\` does not exist: ${again}`
      : `\`${out}\` is not what the app says, from line ${firstDifference(written, text)} on: ${again}`);
  }
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return `${out} is written`;
}

/** The document of the APIs in an assembly. */
export function asyncApiText(folder: string): string {
  // Any Region would do, but it has to be the same on every machine.
  const document = asyncApiDocument(readModel(folder, { env: { AWS_REGION: UNKNOWN_REGION } }));
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

/** As it was written: Git may have changed the ends of the lines. */
function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').replace(/\r\n/g, '\n');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') { return undefined; }
    throw new Error(`\`${file}\` cannot be read: ${(error as Error).message}`);
  }
}

function firstDifference(one: string, other: string): number {
  const [lines, others] = [one.split('\n'), other.split('\n')];
  return others.findIndex((line, index) => line !== lines[index]) + 1 || others.length;
}
