/** The blocks of the API reference of a language, as source that its compiler takes. Each is a declaration, or makes a struct. */
export function apiSource(language, page) {
  const blocks = [...page.matchAll(new RegExp(`(\\*Example\\*\\n+)?^\`\`\`${language}\\n(.*?)\\n\`\`\``, 'gms'))].filter(([, isExample]) => !isExample).map(([, , source]) => source);
  if (blocks.length < 100) { throw new Error(`there are only ${blocks.length} blocks`); }
  return { count: blocks.length, source: SOURCES[language](blocks) };
}

const SOURCES = {
  csharp: (blocks) => `using System.Collections.Generic;
using CdkWebSocketApi;
#pragma warning disable
${blocks.map((block, index) => {
  if (block.startsWith('new ')) { return `namespace Block${index} { class Made { void Make() {\n${block}\n} } }`; }
  const [, constructed] = /^public (\w+)\(/.exec(block) ?? [];
  return `namespace Block${index} { class ${constructed ?? 'Declared'} {\n${block.replace(/^public (?=.*\);$)/, 'public extern ')}\n} }`;
}).join('\n')}
`,
  java: (blocks) => `package api;

import io.github.cdkwebsocketapi.*;

final class Api {
${blocks.map((block, index) => {
  if (!block.startsWith('public ')) { return `static class Made${index} { Object make() { return ${block} } }`; }
  const [, constructed] = /^public (\w+)\(/.exec(block) ?? [];
  return constructed
    ? `static class Block${index} { static class ${constructed} {\n${block.replace(/;$/, ' {}')}\n} }`
    : `static abstract class Block${index} {\n${block.replace(/^public (static )?/, 'public $1native ')}\n}`;
}).join('\n')}
}
`,
  go(blocks) {
    const body = blocks.map((block, index) => {
      if (block.startsWith('&')) { return `var _ = ${block}`; }
      if (!block.startsWith('func ')) { return `type block${index} struct {\n\t${block}\n}`; }
      return `type block${index} func${block.replace(/^func (\(\w+\) )?\w+/, '')}`;
    }).join('\n');
    const modules = [...new Set([...body.matchAll(/\b((?:interfaces)?aws[a-z0-9]*)\./g)].map(([, name]) => name))];
    const folderOf = (name) => (name === 'awscdk' ? '' : name.startsWith('interfaces') ? `/interfaces/${name}` : `/${name}`);
    return `package api

import (
${modules.map((name) => `\t"github.com/aws/aws-cdk-go/awscdk/v2${folderOf(name)}"`).join('\n')}
	"github.com/aws/constructs-go/constructs/v10"
	. "github.com/cdk-websocket-api/cdk-websocket-api-go/cdkwebsocketapi"
)

${body}
`;
  },
  python: (blocks) => blocks.join('\n\n'),
};
