// After `jsii-rosetta extract`: CDK's `WebSocketApi` and `WebSocketApiProps` have a prefix in TypeScript, which is lost in the translation
// to C#. There they are ours then, or ambiguous (CS0104). They get the alias of docs/csharp.md, and the snippet says which it is.
// A map in a map becomes a `Struct`, which there is not.
import { readFileSync, writeFileSync } from 'node:fs';

const OF_CDK = /(?<![.\w])WebSocketApi(?=\.From)|(?<=ApiSource\.FromProps\(new )WebSocketApiProps\b/g;
const ALIAS = '// using Apigw = Amazon.CDK.AWS.Apigatewayv2;\n';

const STRUCT = /new Struct \{ ([^{}]*) \}/g;

function dictionary(_, members) {
  const pairs = members.split(', ').map((member) => member.split(' = '));
  return `new Dictionary<string, object> { ${pairs.map(([name, value]) => `{ "${name[0].toLowerCase()}${name.slice(1)}", ${value} }`).join(', ')} }`;
}

const file = new URL('../../.jsii.tabl.json', import.meta.url);
const tablet = JSON.parse(readFileSync(file, 'utf8'));
for (const { translations: { csharp } } of Object.values(tablet.snippets)) {
  const mended = csharp.source.replace(OF_CDK, 'Apigw.$&');
  csharp.source = `${mended === csharp.source ? '' : ALIAS}${mended.replace(STRUCT, dictionary)}`;
}
writeFileSync(file, JSON.stringify(tablet, null, 2));
