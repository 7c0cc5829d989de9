import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AssemblyType, readAssemblyFile } from './assembly-file';
import { nearMiss } from '../../given/near-miss';

/** Why Lambda could not call a handler; undefined if it could, or if that cannot be known. */
export function missingDotnetEntry(handler: string, asset: string): string | undefined {
  const [assembly, type, method] = handler.split('::');
  const quoted = `handler \`${JSON.stringify(handler)}\``;
  const file = join(asset, `${assembly}.dll`);
  if (!existsSync(file)) {
    const built = readdirSync(asset).filter((name) => name.endsWith('.deps.json')).map((name) => name.replace('.deps.json', ''));
    const meant = built.length === 1 ? `; did you mean \`${JSON.stringify([built[0], type, method].filter((part) => part !== undefined).join('::'))}\`?` : '';
    return `${quoted} names the assembly \`${assembly}\`, which the project does not build${meant}`;
  }
  if (type === undefined) {
    return existsSync(join(asset, `${assembly}.runtimeconfig.json`)) ? undefined : `${quoted} names an assembly that cannot be run: it has no runtimeconfig.json`;
  }
  const types = readAssemblyFile(readFileSync(file));
  // Types in other types may have the same name.
  const found = types.filter(({ name }) => name === typeName(type));
  if (found.length === 0) {
    const names = types.map(({ name }) => name).filter((name) => /^[\w.]+$/.test(name));
    const simple = (name: string) => name.replace(/^.*\./, '');
    const meant = names.find((name) => simple(name) === simple(type)) ?? nearMiss(type, names);
    return `${quoted} names the type \`${type}\`, which \`${assembly}.dll\` does not have` + (meant === undefined
      ? `: it has ${names.slice(0, 5).map((name) => `\`${name}\``).join(', ') || 'none'}` : `; did you mean \`${JSON.stringify(`${assembly}::${meant}::${method}`)}\`?`);
  }
  const problems = found.map((one) => missingMethod(quoted, method, `${assembly}::${type}`, one, types));
  return problems.includes(undefined) ? undefined : problems[0];
}

function missingMethod(quoted: string, method: string, owner: string, found: AssemblyType, types: AssemblyType[]): string | undefined {
  const methods = new Map<string, boolean>();
  let isComplete = true;
  for (let type: AssemblyType | undefined = found; type; type = types[type.base ?? -1]) {
    type.methods.forEach((isPublic, name) => methods.set(name, methods.get(name) === true || isPublic));
    if (type.hasForeignBase) { isComplete = false; }
  }
  if (methods.get(method)) { return undefined; }
  if (methods.has(method)) { return `${quoted} names the method \`${method}\`, which is not public: Lambda calls only public ones`; }
  if (!isComplete) { return undefined; }
  const names = [...methods].filter(([name, isPublic]) => isPublic && /^\w+$/.test(name)).map(([name]) => name);
  const meant = nearMiss(method, names) ?? (names.length === 1 ? names[0] : undefined);
  return `${quoted} names the method \`${method}\`, which \`${found.name}\` does not have: its public methods are ${names.map((name) => `\`${name}\``).join(', ') || 'none'}` +
    (meant === undefined ? '' : `; did you mean \`${JSON.stringify(`${owner}::${meant}`)}\`?`);
}

/** Metadata has the name of a type that is in another one by itself. */
function typeName(type: string): string {
  return type.split('+').at(-1)!;
}
