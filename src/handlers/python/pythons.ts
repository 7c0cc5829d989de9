import { firstThatRuns } from '../tools/tool';

/** Makes Python ignore the working directory, `PYTHONPATH` and the user's site packages. */
export const ISOLATED = ['-I'];

/** The names of Python's command. */
export const PYTHONS = ['python3', 'python'];

/** The Python on the PATH, if there is one. */
export function findPython(): string | undefined {
  return firstThatRuns('python', PYTHONS, [...ISOLATED, '-c', '']);
}

/** The uv on the PATH, if there is one. */
export function findUv(): string | undefined {
  return firstThatRuns('uv', ['uv'], ['--version']);
}

/** The Python on the PATH that has pip, if there is one. */
export function findPip(): string | undefined {
  return firstThatRuns('pip', PYTHONS, [...ISOLATED, '-m', 'pip', '--version']);
}
