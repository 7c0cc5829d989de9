import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { ClassFile, readClassFile } from './class-file';
import { nearMiss } from '../../given/near-miss';

/** The method that Lambda calls if the handler names only a class. */
const METHOD = 'handleRequest';

/**
 * Why Lambda could not call a handler; undefined if it could, or if that cannot be known.
 *
 * @param javaVersion of the runtime
 */
export function missingJavaEntry(handler: string, javaVersion: number, asset: string): string | undefined {
  const [className, method = METHOD] = handler.split('::');
  const quoted = `handler \`${JSON.stringify(handler)}\``;
  const file = classFileIn(asset, className);
  if (file === undefined) {
    return isInJar(asset, className) ? undefined : `${quoted} names the class \`${className}\`, which the project does not have${meantClass(asset, className, handler)}`;
  }
  if (file.javaVersion > javaVersion) {
    return `${quoted} is compiled for Java ${file.javaVersion}, and its runtime has Java ${javaVersion}: set \`<maven.compiler.release>${javaVersion}</maven.compiler.release>\` in the pom.xml`;
  }
  const { methods, isComplete } = methodsOf(asset, file);
  if (methods.get(method)) { return undefined; }
  if (methods.has(method)) { return `${quoted} names the method \`${method}\`, which is not public: Lambda calls only public ones`; }
  if (!isComplete) { return undefined; }
  const names = [...methods].filter(([name, isPublic]) => isPublic && !name.startsWith('<')).map(([name]) => name);
  const meant = nearMiss(method, names) ?? (names.length === 1 ? names[0] : undefined);
  return `${quoted} names the method \`${method}\`, which \`${className}\` does not have: its public methods are ${names.map((name) => `\`${name}\``).join(', ') || 'none'}` +
    (meant === undefined ? '' : `; did you mean \`${JSON.stringify(`${className}::${meant}`)}\`?`);
}

function classFileIn(asset: string, className: string): ClassFile | undefined {
  const file = join(asset, `${className.replaceAll('.', '/')}.class`);
  return existsSync(file) ? readClassFile(readFileSync(file)) : undefined;
}

/** The methods of a class and of what it extends; complete if all of that is in the asset. */
function methodsOf(asset: string, file: ClassFile): { methods: Map<string, boolean>; isComplete: boolean } {
  const methods = new Map<string, boolean>();
  let isComplete = true;
  const add = (one: ClassFile) => {
    one.methods.forEach((isPublic, name) => methods.set(name, methods.get(name) === true || isPublic));
    for (const name of [one.superclass, ...one.interfaces]) {
      const above = name === undefined ? undefined : classFileIn(asset, name);
      if (above) { add(above); }
      // An interface of a library declares what the class has to have; a class of a library may have anything.
      if (!above && name !== undefined && name === one.superclass) { isComplete = false; }
    }
  };
  add(file);
  return { methods, isComplete };
}

/** The names of its files are readable in a jar. */
function isInJar(asset: string, className: string): boolean {
  const lib = join(asset, 'lib');
  return existsSync(lib) && readdirSync(lib).some((name) => readFileSync(join(lib, name)).includes(`${className.replaceAll('.', '/')}.class`));
}

function meantClass(asset: string, className: string, handler: string): string {
  const classes = (readdirSync(asset, { recursive: true }) as string[]).filter((path) => path.endsWith('.class') && !path.includes('$'))
    .map((path) => path.split(sep).join('.').replace(/\.class$/, ''));
  const simple = (name: string) => name.replace(/^.*\./, '');
  const meant = classes.find((name) => simple(name) === simple(className)) ?? nearMiss(className, classes);
  const found = classes.length > 5 ? '' : `: it has ${classes.map((name) => `\`${name}\``).join(', ') || 'no classes'}`;
  return meant === undefined ? found : `; did you mean \`${JSON.stringify(handler.replace(className, meant))}\`?`;
}
