import type { Message } from 'esbuild-wasm';
import { Bundle } from './nodejs-bundle';

/** What to do about a message of esbuild. */
const ADVICE: Array<{ about: RegExp; advice: string }> = [
  {
    about: /"import\.meta" is not available|Top-level await is currently not supported with the "cjs" output format/,
    advice: 'bundle the handler as an ECMAScript module: `Bundling.esbuild({ format: ModuleFormat.ESM })`',
  },
  {
    about: /No loader is configured for "\.node" files/,
    advice: 'this is a native addon, which cannot be bundled: name the package that it belongs to in `nodeModules` of `Bundling.esbuild()`',
  },
];

/** Something about the source of a handler that may be wrong when it runs. */
export interface SourceWarning {
  /** What it is acknowledged by. */
  readonly id: string;
  readonly text: string;
}

/** esbuild's errors, with what to do about them. */
export function withAdvice(text: string): string {
  const advice = ADVICE.filter(({ about }) => about.test(text)).map((one) => one.advice);
  return [text, ...advice].join('\n\n');
}

/** esbuild's warnings about the files that a bundle is made from. */
export function buildWarnings(messages: Message[], { output }: Bundle): SourceWarning[] {
  return messages
    .filter(({ location }) => location && (location.file in output.inputs || location.file === output.entryPoint))
    .map(({ location, text }) => {
      const advice = ADVICE.find(({ about }) => about.test(text))?.advice;
      return { id: 'bundling', text: `\`${location!.file}:${location!.line}:${location!.column + 1}\`: ${text}${advice ? `; ${advice}` : ''}` };
    });
}
