// `node scripts/build/copy-assets.mjs`: what the local gateway has beside TypeScript (clients of the Lambda Runtime API, its page) goes to lib as it is.
import { chmodSync, cpSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

cpSync(`${root}/src/local`, `${root}/lib/local`, {
  recursive: true,
  filter: (path) => statSync(path).isDirectory() ? !path.endsWith('__pycache__') : !path.endsWith('.ts'),
});
// npm does that for its users; the script in the Python package runs the file as it is.
chmodSync(`${root}/lib/cli/main.js`, 0o755);
