// `node scripts/build/copy-assets.mjs`: copies the parts of the local gateway that are not TypeScript (clients of the Lambda Runtime API,
// and its page) to lib.
import { chmodSync, cpSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

cpSync(`${root}/src/local`, `${root}/lib/local`, {
  recursive: true,
  filter: (path) => statSync(path).isDirectory() ? !path.endsWith('__pycache__') : !path.endsWith('.ts'),
});
// npm makes the file executable for its users; the script in the Python package runs it directly.
chmodSync(`${root}/lib/cli/main.js`, 0o755);
