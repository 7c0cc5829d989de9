import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { Architecture } from 'aws-cdk-lib/aws-lambda';
import { HandlerProps } from '../../../src';
import { assetKey } from '../../../src/handlers/compiled/asset-key';
import { CompiledLanguage } from '../../../src/handlers/compiled/compiled-language';
import { sha256 } from '../../../src/handlers/source-files/sha256';
import { findOnPath } from '../../../src/handlers/tools/tool';
import { describeWhere } from '../../where';
import { write } from '../source-project';

/** Tests that need a tool of another language. On a machine without it they are skipped, and their title says what is missing. */
export function describeWithTool(tool: string, title: string, tests: () => void) {
  describeWhere(Boolean(findOnPath(tool)), `there is no \`${tool}\` on the PATH`)(title, tests);
}

/** Runs something with other variables in the environment, and puts them back. */
export function withEnvironment<T>(variables: { [name: string]: string | undefined }, run: () => T): T {
  const before = Object.fromEntries(Object.keys(variables).map((name) => [name, process.env[name]]));
  const set = (values: typeof variables) => Object.entries(values).forEach(([name, value]) => {
    if (value === undefined) { delete process.env[name]; } else { process.env[name] = value; }
  });
  set(variables);
  try {
    return run();
  } finally {
    set(before);
  }
}

/** Runs with a tool of the test's own before the others on the PATH: a script of the shell, in which `$REAL` is the one on this machine. */
export function withTool<T>(name: string, script: string, run: (file: string) => T): T {
  const file = join(process.cwd(), 'bin', name);
  write({ [`bin/${name}`]: `#!/bin/sh\nREAL='${findOnPath(name)?.command ?? ''}'\n${script}\n` });
  chmodSync(file, 0o755);
  return withEnvironment({ PATH: `${dirname(file)}${delimiter}${process.env.PATH}` }, () => run(file));
}

/** Runs with a tool that counts its runs, or those for which a command of the shell succeeds. */
export function withCountedTool<T>(name: string, run: (file: string) => T, condition = 'true'): { runs: number; result: T } {
  const count = join(process.cwd(), `${name}-runs`);
  writeFileSync(count, '');
  const result = withTool(name, `${condition} && echo >> '${count}'\nexec "$REAL" "$@"`, run);
  return { result, runs: readFileSync(count, 'utf8').length };
}

/** The asset hash of a handler, as every synthesis has it. Nothing is built for it. */
export function hashWithoutBuild(language: CompiledLanguage, handler: string, props: HandlerProps = {}): string {
  const { srcPath = '.', runtime, architecture = Architecture.X86_64, bundling } = props;
  const options = bundling?._render()[language.bundling] ?? {};
  const source = language.find({ handler, srcDir: resolve(srcPath), runtime: runtime?.name, architecture: architecture.name, options });
  return `${sha256(assetKey(language.name, source, language.inputs(source)))}.zip`;
}
