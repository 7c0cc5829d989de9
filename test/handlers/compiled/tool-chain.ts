import { chmodSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { Architecture } from 'aws-cdk-lib/aws-lambda';
import { HandlerProps } from '../../../src';
import { assetKey } from '../../../src/handlers/compiled/asset-key';
import { CompiledLanguage, CompiledRequest } from '../../../src/handlers/compiled/compiled-language';
import { sha256 } from '../../../src/handlers/source-files/sha256';
import { findOnPath, ToolCall, ToolResult } from '../../../src/handlers/tools/tool';
import { describeWhere } from '../../where';
import { filesOf, write } from '../source-project';

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

/** What a language did to build a handler. */
export interface PlayedBuild {
  readonly calls: ToolCall[];
  /** The files of the asset. */
  readonly files: string[];
  /** The files that are left beside the asset. */
  readonly left: string[];
}

/** What a tool does, and what it answers: nothing but success unless it says so. */
export type Play = (call: ToolCall, asset: string) => Partial<ToolResult> | void;

/** A folder of the build that no path of a test depends on: in calls, it is `<work>`. */
const WORK = '<work>';

/** Builds a handler with a tool that a test plays: it is on the PATH, and not started. */
export function playBuild(
  language: CompiledLanguage, request: Partial<CompiledRequest> & Pick<CompiledRequest, 'handler'>, tool: string,
  play: Play,
): PlayedBuild {
  const work = realpathSync(mkdtempSync(join(tmpdir(), 'played-')));
  const asset = join(work, 'asset');
  mkdirSync(asset);
  const shown = (text: string) => text.replaceAll(work, WORK);
  const calls: ToolCall[] = [];
  try {
    return withTool(tool, 'echo "it is played" >&2; exit 1', (file) => {
      const source = language.find({ srcDir: process.cwd(), architecture: 'x86_64', options: {}, ...request });
      const steps = language.build([source], [asset]);
      for (let step = steps.next(); !step.done;) {
        const { command, args, cwd, ...more } = step.value;
        const [called, ...shownArgs] = [command, ...args].map((one) => shown(one).replace(file, tool));
        calls.push({ command: called, args: shownArgs, cwd: cwd && shown(cwd), ...more });
        step = steps.next({ ok: true, stdout: '', complaint: '', ...play(step.value, asset) });
      }
      return { calls, files: filesOf(asset), left: filesOf(work).filter((path) => !path.startsWith('asset/')) };
    });
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
