import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assetWith, Class } from './class-files';
import { missingJavaEntry } from '../../../src/handlers/java/java-entry';

describe('a handler in Java', () => {
  const SAY: Class = { name: 'com/acme/Say', methods: { '<init>': true, 'handleRequest': true, 'join': true, 'hidden': false } };
  const missing = (handler: string, classes: Class[], java = 17) => missingJavaEntry(handler, java, assetWith(...classes));

  test.each<[handler: string, classes: Class[]]>([
    ['com.acme.Say::join', [SAY]],
    ['com.acme.Say', [SAY]],
    ['com.acme.Say::inherited', [{ ...SAY, extends: 'com/acme/Base' }, { name: 'com/acme/Base', methods: { inherited: true } }]],
    ['com.acme.Say::given', [{ ...SAY, implements: ['com/acme/Given'] }, { name: 'com/acme/Given', methods: { given: true } }]],
    ['com.acme.Say::join', [{ ...SAY, extends: 'com/acme/Base' }, { name: 'com/acme/Base', methods: { join: false } }]],
    ['com.acme.Say::of-a-library', [{ ...SAY, extends: 'org/lib/Base' }]],
    ['com.acme.Say::hidden', [{ ...SAY, extends: 'com/acme/Base' }, { name: 'com/acme/Base', methods: { hidden: true } }]],
  ])('is there: %s', (handler, classes) => {
    expect(missing(handler, classes)).toBeUndefined();
  });

  test.each<[handler: string, classes: Class[], message: string]>([
    ['com.acme.Say::hidden', [SAY], 'names the method `hidden`, which is not public: Lambda calls only public ones'],
    ['com.acme.Say::jion', [SAY], 'names the method `jion`, which `com.acme.Say` does not have: its public methods are `handleRequest`, `join`; did you mean `"com.acme.Say::join"`?'],
    ['com.acme.Say::other', [{ ...SAY, implements: ['org/lib/Given'], methods: { only: true } }], 'its public methods are `only`; did you mean `"com.acme.Say::only"`?'],
    ['com.acme.Say::other', [{ ...SAY, methods: { one: true, two: true } }], 'its public methods are `one`, `two`'],
    ['com.acme.Say::other', [{ ...SAY, methods: {} }], 'its public methods are none'],
    ['com.acme.Sya::join', [SAY], 'names the class `com.acme.Sya`, which the project does not have; did you mean `"com.acme.Say::join"`?'],
    ['org.else.Say::join', [SAY], 'did you mean `"com.acme.Say::join"`?'],
    ['Nothing::join', [SAY, { name: 'Say$Inner' }], 'which the project does not have: it has `com.acme.Say`'],
    ['Nothing::join', [], 'which the project does not have: it has no classes'],
    ['Nothing::join', ['A', 'B', 'C', 'D', 'E'].map((name) => ({ name })), 'which the project does not have: it has `A`, `B`, `C`, `D`, `E`'],
    ['Nothing::join', Array.from({ length: 6 }, (_, index) => ({ name: `Class${index}` })), 'which the project does not have'],
  ])('is not there: %s', (handler, classes, message) => {
    expect(missing(handler, classes)).toMatch(new RegExp(`^handler \`"${handler}"\` .*${message.replace(/[.?$()]/g, '\\$&')}$`));
  });

  test('needs a Java that runs it', () => {
    expect(missing('com.acme.Say::join', [{ ...SAY, java: 21 }])).toBe('handler `"com.acme.Say::join"` is compiled for Java 21, and its runtime has Java 17: ' +
      'set `<maven.compiler.release>17</maven.compiler.release>` in the pom.xml');
    expect(missing('com.acme.Say::join', [{ ...SAY, java: 21 }], 21)).toBeUndefined();
  });

  test('may be in a jar, where nobody looks for its methods', () => {
    const asset = assetWith();
    mkdirSync(join(asset, 'lib'));
    writeFileSync(join(asset, 'lib/other.jar'), 'PK com/acme/Other.class');
    writeFileSync(join(asset, 'lib/words.jar'), 'PK com/acme/Say.class');

    expect(missingJavaEntry('com.acme.Say::join', 17, asset)).toBeUndefined();
    expect(missingJavaEntry('com.acme.Sat::join', 17, asset)).toContain('which the project does not have');
  });
});
