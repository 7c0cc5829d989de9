import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assetWith, Type } from './assembly-files';
import { missingDotnetEntry } from '../../../src/handlers/dotnet/dotnet-entry';

const SAY: Type = { name: 'Chat.Say', extends: 'System.Object', methods: [['.ctor', true], ['Handle', true], ['Join', true], ['Hidden', false]] };
const BASE: Type = { name: 'Chat.Base', extends: 'System.Object', methods: [['Inherited', true], ['Hidden', true]] };

const missing = (handler: string, ...types: Type[]) => missingDotnetEntry(handler, assetWith({ Chat: types }));

describe('a handler in C# is there', () => {
  test.each<[what: string, handler: string, types: Type[]]>([
    ['when its type has the method', 'Chat::Chat.Say::Handle', [BASE, SAY]],
    ['when its type has no namespace', 'Chat::Say::Handle', [{ ...SAY, name: 'Say' }]],
    ['when a type that it extends has the method', 'Chat::Chat.Say::Inherited', [{ ...SAY, extends: 'Chat.Base' }, BASE]],
    ['when a type further up has it', 'Chat::Chat.Say::Inherited', [{ name: 'Chat.Say', extends: 'Chat.Middle' }, { name: 'Chat.Middle', extends: 'Chat.Base' }, BASE]],
    ['when a method of that name is public further up', 'Chat::Chat.Say::Hidden', [{ ...SAY, extends: 'Chat.Base' }, BASE]],
    ['when a method of that name is public further down', 'Chat::Chat.Base::Hidden', [SAY, { ...BASE, extends: 'Chat.Say' }]],
    ['when a type of a library that it extends may have it', 'Chat::Chat.Say::Anything', [{ ...SAY, extends: 'Library.Base' }]],
    ['when a generic type that it extends may have it', 'Chat::Chat.Say::Anything', [{ ...SAY, extends: 'Library.Generic<int>' }]],
    ['when what it extends extends one of a library', 'Chat::Chat.Say::Anything', [{ ...SAY, extends: 'Chat.Base' }, { ...BASE, extends: 'Library.Base' }]],
    ['when its type is in another one', 'Chat::Chat.Say+Inner::Run', [SAY, { name: 'Inner', methods: [['Run', true]] }]],
    ['when one of the types of that name in others has the method', 'Chat::Chat.Base+Inner::Run', [{ name: 'Inner' }, { name: 'Inner', methods: [['Run', true]] }]],
  ])('%s', (_, handler, types) => {
    expect(missing(handler, ...types)).toBeUndefined();
  });

  test('when it names an assembly that can be run', () => {
    expect(missingDotnetEntry('Chat', assetWith({ Chat: [] }, { 'Chat.runtimeconfig.json': '{}' }))).toBeUndefined();
  });

  test('when it is in an assembly that the project refers to', () => {
    expect(missingDotnetEntry('Words::Chat.Base::Inherited', assetWith({ Chat: [SAY], Words: [BASE] }))).toBeUndefined();
  });
});

describe('a handler in C# is not there', () => {
  const METHODS = 'its public methods are `Handle`, `Join`';

  test.each<[what: string, handler: string, types: Type[], message: string]>([
    ['when the method is not public', 'Chat::Chat.Say::Hidden', [SAY], 'names the method `Hidden`, which is not public: Lambda calls only public ones'],
    ['when the method is not public, of whatever it extends', 'Chat::Chat.Say::Hidden', [{ ...SAY, extends: 'Library.Base' }], 'names the method `Hidden`, which is not public: Lambda calls only public ones'],
    ['with the method that was meant', 'Chat::Chat.Say::Jion', [SAY], `names the method \`Jion\`, which \`Chat.Say\` does not have: ${METHODS}; did you mean \`"Chat::Chat.Say::Join"\`?`],
    ['with the methods that there are', 'Chat::Chat.Say::Other', [SAY], `names the method \`Other\`, which \`Chat.Say\` does not have: ${METHODS}`],
    ['with those that it inherits', 'Chat::Chat.Say::Other', [{ name: 'Chat.Say', extends: 'Chat.Base', methods: [['Handle', true]] }, BASE], 'its public methods are `Handle`, `Inherited`, `Hidden`'],
    ['with the only one that there is', 'Chat::Chat.Say::Other', [{ name: 'Chat.Say', methods: [['Handle', true], ['Hidden', false], ['.ctor', true], ['<Handle>b__0', true]] }], 'its public methods are `Handle`; did you mean `"Chat::Chat.Say::Handle"`?'],
    ['also when there is none', 'Chat::Chat.Say::Other', [{ name: 'Chat.Say' }], 'its public methods are none'],
    ['in its type in another one, which is named as the handler does', 'Chat::Chat.Say+Inner::Rnu', [{ name: 'Inner', methods: [['Run', true]] }], 'names the method `Rnu`, which `Inner` does not have: its public methods are `Run`; did you mean `"Chat::Chat.Say+Inner::Run"`?'],
    ['in a type that extends one of the same name as that which has it', 'Chat::Chat.Say::Run', [
      { name: 'Inner', methods: [['Other', true]] }, { name: 'Inner', methods: [['Run', true]] }, { name: 'Chat.Say', extends: 'Inner' },
    ], 'names the method `Run`, which `Chat.Say` does not have: its public methods are `Other`; did you mean `"Chat::Chat.Say::Other"`?'],
    ['with the type that was meant', 'Chat::Chat.Sya::Handle', [BASE, SAY], 'names the type `Chat.Sya`, which `Chat.dll` does not have; did you mean `"Chat::Chat.Say::Handle"`?'],
    ['with the type of that name in another namespace', 'Chat::Other.Deep.Say::Handle', [BASE, SAY], 'did you mean `"Chat::Chat.Say::Handle"`?'],
    ['with the type of that name in a namespace', 'Chat::Say::Handle', [BASE, SAY], 'did you mean `"Chat::Chat.Say::Handle"`?'],
    ['with the types that there are, without those that compilers make', 'Chat::Nothing::Handle', [{ name: '<Module>' }, BASE, { name: '<>c' }, { name: 'Plain' }], 'names the type `Nothing`, which `Chat.dll` does not have: it has `Chat.Base`, `Plain`'],
    ['with at most five types', 'Chat::Nothing::Handle', ['Aaaa', 'Bbbb', 'Cccc', 'Dddd', 'Eeee', 'Ffff'].map((name) => ({ name })), ': it has `Aaaa`, `Bbbb`, `Cccc`, `Dddd`, `Eeee`'],
    ['also when there are no types', 'Chat::Nothing::Handle', [{ name: '<Module>' }], ': it has none'],
  ])('%s', (_, handler, types, message) => {
    expect(missing(handler, ...types)).toMatch(new RegExp(`^handler \`"${handler.replace(/[.+]/g, '\\$&')}"\` .*${message.replace(/[.?$()+<>]/g, '\\$&')}$`));
  });

  test('when it names an assembly that cannot be run', () => {
    expect(missing('Chat', SAY)).toBe('handler `"Chat"` names an assembly that cannot be run: it has no runtimeconfig.json');
  });

  test.each<[handler: string, built: string[], message: string]>([
    ['Cat::Chat.Say::Handle', ['Chat.deps.json'], '; did you mean `"Chat::Chat.Say::Handle"`?'],
    ['Cat', ['Chat.deps.json', 'Chat.json'], '; did you mean `"Chat"`?'],
    ['Cat', ['Chat.deps.json', 'Other.deps.json'], ''],
    ['Cat', [], ''],
  ])('when its assembly is not built: %s, with %j', (handler, built, message) => {
    expect(missingDotnetEntry(handler, assetWith({ Chat: [SAY] }, Object.fromEntries(built.map((name) => [name, '{}'])))))
      .toBe(`handler \`"${handler}"\` names the assembly \`Cat\`, which the project does not build${message}`);
  });

  test('when its assembly is none', () => {
    const asset = assetWith({});
    writeFileSync(join(asset, 'Chat.dll'), Buffer.alloc(1000));

    expect(() => missingDotnetEntry('Chat::Chat.Say::Handle', asset)).toThrow('this is no .NET assembly');
  });
});
