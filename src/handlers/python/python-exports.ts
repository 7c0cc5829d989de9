import { relative } from 'node:path';
import { namesOf } from './python-names';
import { nearMiss } from '../../given/near-miss';
import { Handler } from '../handler';

/**
 * Why Lambda could not call handlers: their file does not parse, or certainly has no function of that name.
 *
 * @returns for each handler, in their order, the reason; undefined for one that can be called, or that would have to run to know
 */
export function missingPythonExports(handlers: Handler[]): Array<string | undefined> {
  const byMinor = new Map<number, Handler[]>();
  for (const handler of handlers) {
    byMinor.set(minorOf(handler), [...byMinor.get(minorOf(handler)) ?? [], handler]);
  }
  const names = new Map([...byMinor].map(([minor, some]) => [minor, namesOf(some.map(({ file }) => file), minor)]));
  return handlers.map((handler) => {
    const { exportName, module } = handler;
    const { names: all, defined, awaited, error } = names.get(minorOf(handler))!.get(handler.file)!;
    const quoted = `handler \`${JSON.stringify(`${module}.${exportName}`)}\``;
    const file = relative(process.cwd(), handler.file);
    if (error !== undefined) { return `${quoted} cannot be loaded: \`${file}\`, ${error}`; }
    if (awaited.includes(exportName)) {
      return `${quoted} is \`async\`, and Lambda's Python calls it without awaiting it: ` +
        `write \`def ${exportName}(event, context)\`, which can return \`asyncio.run(…)\``;
    }
    if (!all || all.includes(exportName)) { return undefined; }
    const meant = nearMiss(exportName, defined) ?? (defined.length === 1 ? defined[0] : undefined);
    const suggestion = meant === undefined ? '' : `; did you mean \`${JSON.stringify(`${module}.${meant}`)}\`?`;
    return `${quoted} names the function \`${exportName}\`, which \`${file}\` does not have: ` +
      `it defines ${defined.map((name) => `\`${name}\``).join(', ') || 'nothing'}${suggestion}`;
  });
}

function minorOf({ runtime }: Handler): number {
  return Number(/^python3\.(\d+)/.exec(runtime.name)?.[1] ?? 0);
}
