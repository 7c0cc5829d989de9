// `node scripts/docs/api.mjs`: writes the API reference of each language except TypeScript (projen makes API.md). `--check` writes nothing,
// and fails if a page is out of date.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import docgen from 'jsii-docgen';
import { Declarations } from './declarations.mjs';

const { Documentation, Language } = docgen;
const root = fileURLToPath(new URL('../..', import.meta.url));
const check = process.argv.includes('--check');

const documentation = await Documentation.forProject(root);
for (const language of [Language.PYTHON, Language.JAVA, Language.CSHARP, Language.GO]) {
  const page = join(root, 'docs', 'api', `${language}.md`);
  const rendered = mended((await documentation.toMarkdown({ language, allSubmodules: true })).render(), String(language));
  const unfound = namesIn(JSON.parse(readFileSync(join(root, '.jsii'), 'utf8')), String(language)).filter((name) => !rendered.toLowerCase().includes(name.toLowerCase()));
  if (unfound.length > 0) { throw new Error(`errors name ${unfound.join(', ')}, which nobody finds in ${relative(root, page)}`); }
  if (!check) {
    mkdirSync(dirname(page), { recursive: true });
    writeFileSync(page, rendered);
  } else if (rendered !== contents(page)) {
    console.error(`${relative(root, page)} is not up to date: run \`node scripts/docs/api.mjs\``);
    process.exitCode = 1;
  }
}

/** The names that errors have, as the pages of a language say to search for them: without regard to case, in Python in snake case. */
function namesIn({ types }, language) {
  const members = Object.values(types).flatMap(({ methods = [], properties = [] }) => [...methods, ...properties].map(({ name }) => name));
  const written = (name) => language === 'python' ? name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '_') : name;
  return [...new Set([...Object.values(types).map(({ name }) => name), ...members.map(written)])];
}

/** The page, with declarations in place of what is neither a declaration nor a call. */
function mended(page, language) {
  const declarations = new Declarations(language, root);
  let id = '';
  let before;
  const mendedLines = [];
  for (const line of page.split('\n')) {
    id = /^#+ .*<a name="[^"]*" id="([^"]+)"><\/a>/.exec(line)?.[1] ?? id;
    if (before !== undefined) {
      before.push(line);
      if (line !== '```') { continue; }
      const isExample = mendedLines.findLast((one) => one !== '') === '*Example*';
      const declaration = isExample ? undefined : declarations.of(id);
      mendedLines.push(...declaration === undefined ? before : [before[0], declaration, line]);
      before = undefined;
    } else if (line === `\`\`\`${language}`) {
      before = [line];
    } else {
      mendedLines.push(language === 'csharp' ? namedAsInCsharp(line, declarations) : line);
    }
  }
  return mendedLines.join('\n');
}

/** Parameters begin with a small letter, and namespaces are those of the packages. */
function namedAsInCsharp(line, declarations) {
  return declarations.withNamespaces(line)
    .replace(/(\.parameter\.(\w+)">)\w+(?=<\/a>)/g, '$1$2')
    .replace(/^(#+ `)\w+(`.*id="[^"]*\.parameter\.(\w+)")/, '$1$3$2');
}

function contents(page) {
  try {
    return readFileSync(page, 'utf8');
  } catch {
    return undefined;
  }
}
