import { existsSync, readdirSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { wrapped } from './exec-wrapper';
import { dotnet } from './runtimes/dotnet';
import { CLIENTS, Family, Inspection, Launch, Surroundings, takesFrames } from './runtimes/family';
import { java } from './runtimes/java';
import { nodejs } from './runtimes/nodejs';
import { provided } from './runtimes/provided';
import { python } from './runtimes/python';
import { FunctionModel } from '../definition/model';

export type { FunctionFolders, Launch, Lead } from './runtimes/family';

/** To add a runtime, write its file and name it here. */
const FAMILIES: readonly Family[] = [nodejs, python, java, dotnet, provided];

/** @throws Error if it cannot run here */
export async function launchOf(fn: FunctionModel, surroundings: Surroundings): Promise<Launch> {
  const family = familyOf(fn);
  if (!family) { throw new Error(notRunHere(fn)); }
  const launch = await family.launch(fn, surroundings);
  const { folders: { layers } } = surroundings;
  return {
    ...family.isManaged ? wrapped(launch, fn, surroundings) : launch,
    environment: {
      PATH: [...layers ? [join(layers, 'bin')] : [], process.env.PATH ?? '/usr/local/bin:/usr/bin:/bin'].join(delimiter),
      ...layers ? { LD_LIBRARY_PATH: join(layers, 'lib') } : {},
      ...family.isManaged ? { AWS_EXECUTION_ENV: `AWS_Lambda_${fn.runtime}` } : {},
      LAMBDA_RUNTIME_DIR: CLIENTS,
      ...launch.environment,
    },
  };
}

/** Whether its process can be started before its code is known: nothing that it starts with is of the code. */
export function startsAhead(fn: FunctionModel, surroundings: Pick<Surroundings, 'inspectPort'>): boolean {
  const { environment } = fn;
  return ['nodejs', 'python'].some((name) => fn.runtime.startsWith(name)) && takesFrames(fn, surroundings)
    && ['', '--enable-source-maps'].includes(environment.NODE_OPTIONS ?? '')
    && !Object.entries(environment).some(([name, value]) => name.startsWith('PYTHON') || value.includes('/var/task'));
}

/** Undefined if a function can run here, else one line that says what is missing and what to install. */
export function missingForFunction(fn: FunctionModel, codeFolder: string, appFolder: string): string | undefined {
  const family = familyOf(fn);
  const missing = family ? family.missing(fn, { code: codeFolder, app: appFolder }) : notRunHere(fn);
  return missing && `function \`${fn.path}\` ${missing}`;
}

/** Extensions are separate processes that Lambda starts beside the runtime. */
export function extensionsNote(fn: FunctionModel): string | undefined {
  const extensions = fn.layers.flatMap((layer) => {
    const folder = join(layer, 'extensions');
    return existsSync(folder) && statSync(folder).isDirectory() ? readdirSync(folder) : [];
  });
  return extensions.length === 0 ? undefined
    : `function \`${fn.path}\` has the extension ${extensions.map((name) => `\`${name}\``).join(', ')} in its layers: extensions do not run here`;
}

/** What to say if the version here differs from Lambda's. */
export function runtimeNote(fn: FunctionModel, appFolder = process.cwd()): string | undefined {
  return familyOf(fn)?.note?.(fn, appFolder);
}

/** How a debugger attaches to a function; undefined where none can. */
export function inspectionOf(fn: FunctionModel): Inspection | undefined {
  return familyOf(fn)?.inspection;
}

function familyOf({ runtime }: FunctionModel): Family | undefined {
  return FAMILIES.find((family) => family.serves(runtime));
}

function notRunHere({ runtime }: FunctionModel): string {
  return `has the runtime \`${runtime}\`, which is not run here: use Node.js, Python, Java, .NET or a \`provided\` runtime with a \`bootstrap\`, or try it deployed`;
}
