import { findOnPath } from '../../../src/handlers/tools/tool';

/** Tests that need a tool of another language. On a machine without it they are skipped, and their title says what is missing. */
export function describeWithTool(tool: string, title: string, tests: () => void) {
  if (findOnPath(tool)) { describe(title, tests); } else { describe.skip(`${title} (skipped: there is no \`${tool}\` on the PATH)`, tests); }
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
