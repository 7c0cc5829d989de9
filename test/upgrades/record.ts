/*
 * Records what the scenarios synthesize, so that later code can be held against it: `npm run upgrades:record -- 1.0.0`, once for each
 * release. A record is never written again: it is what users have deployed.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { recordOf, recordFile } from './records';

const [version] = process.argv.slice(2);
if (!/^[\w.-]+$/.test(version ?? '')) { throw new Error('say which version is recorded: npm run upgrades:record -- 1.0.0'); }
const file = recordFile(version);
if (existsSync(file)) { throw new Error(`there is a record of ${version} already: ${file} is what users have deployed`); }
mkdirSync(dirname(file), { recursive: true });
// One stack a line: whoever compares two records sees which stacks differ.
const lines = Object.entries(recordOf()).map(([stack, resources]) => `${JSON.stringify(stack)}:${JSON.stringify(resources)}`);
writeFileSync(file, `{\n${lines.join(',\n')}\n}\n`);
console.log(`${file}: ${lines.length} stacks`);
