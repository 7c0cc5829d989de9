// `node scripts/docs/api.mjs`: writes the API reference of each language except TypeScript (projen makes API.md). `--check` writes nothing,
// and fails if a page is out of date.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import docgen from 'jsii-docgen';

const { Documentation, Language } = docgen;
const root = fileURLToPath(new URL('../..', import.meta.url));
const check = process.argv.includes('--check');

const documentation = await Documentation.forProject(root);
for (const language of [Language.PYTHON, Language.JAVA, Language.CSHARP, Language.GO]) {
  const page = join(root, 'docs', 'api', `${language}.md`);
  const rendered = (await documentation.toMarkdown({ language, allSubmodules: true })).render();
  if (!check) {
    mkdirSync(dirname(page), { recursive: true });
    writeFileSync(page, rendered);
  } else if (rendered !== contents(page)) {
    console.error(`${relative(root, page)} is not up to date: run \`node scripts/docs/api.mjs\``);
    process.exitCode = 1;
  }
}

function contents(page) {
  try {
    return readFileSync(page, 'utf8');
  } catch {
    return undefined;
  }
}
