import { Token } from 'aws-cdk-lib';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import { compiledLanguageOf } from '../../../src/handlers/compiled/languages';
import { sourceProject } from '../source-project';

const FILES = {
  'cmd/send/main.go': '',
  'cmd/send/words.txt': '',
  'cmd/join/main.go': '',
  'mixed/send/main.go': '',
  'mixed/words.txt': '',
  'texts/a/words.txt': '',
  'words/words.txt': '',
  'main.go': '',
  'both.go': '',
  'both.ts': '',
  'only.ts': '',
  'app/deep/main.go': '',
  'app/deep/main.ts': '',
  'srv/main.go': '',
};

const languageOf = (handler: string, srcPath?: string, runtime?: Runtime) => {
  sourceProject(FILES);
  return compiledLanguageOf(handler, srcPath, runtime)?.name;
};

describe('the language of a handler is', () => {
  test.each<[handler: string, srcPath: string | undefined, language: string | undefined]>([
    ['com.acme.Say::handle', undefined, 'Java'],
    ['Chat::Chat.Say::Handle', undefined, 'C#'],
    ['cmd/send', undefined, 'Go'],
    ['send', 'cmd', 'Go'],
    ['main.go', undefined, 'Go'],
    ['main.go', 'srv', 'Go'],
    // Which one it stands for, Go is asked.
    ['cmd', undefined, 'Go'],
    ['.', 'cmd', 'Go'],
    ['nowhere.go', undefined, 'Go'],
    // The function `go` of a file in TypeScript.
    ['only.go', undefined, undefined],
    ['mixed', undefined, undefined],
    ['texts', undefined, undefined],
    ['words', undefined, undefined],
    ['nowhere', undefined, undefined],
    ['only.handler', undefined, undefined],
  ])('told by its name: %s in %s', (handler, srcPath, language) => {
    expect(languageOf(handler, srcPath)).toBe(language);
  });

  test.each<[runtime: Runtime, language: string | undefined]>([
    [Runtime.PROVIDED_AL2023, 'Go'], [Runtime.GO_1_X, 'Go'], [Runtime.JAVA_21, 'Java'], [Runtime.DOTNET_8, 'C#'], [Runtime.NODEJS_22_X, undefined], [Runtime.PYTHON_3_13, undefined],
  ])('told by its runtime, whatever its name: $name', (runtime, language) => {
    expect(['both.go', 'A::b', 'cmd/send'].map((handler) => languageOf(handler, undefined, runtime))).toEqual([language, language, language]);
  });

  test('not known while its name or its folder is not', () => {
    expect([languageOf(Token.asString({ Ref: 'A' })), languageOf('a::b', Token.asString({ Ref: 'A' }))]).toEqual([undefined, undefined]);
  });

  test('asked for where two claim its name', () => {
    expect(() => languageOf('both.go')).toThrow('handler `"both.go"` is found in two languages, `both.go` and `both.ts`: say which with `runtime`, or rename one');
    expect(() => languageOf('deep/main.go', 'app')).toThrow('is found in two languages, `app/deep/main.go` and `app/deep/main.ts`:');
  });
});
