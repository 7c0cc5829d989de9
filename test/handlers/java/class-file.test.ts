import { classFile } from './class-files';
import { readClassFile } from '../../../src/handlers/java/class-file';

describe('a class file', () => {
  test('says what it extends, what it can do, and which Java runs it', () => {
    expect(readClassFile(classFile({ name: 'com/acme/Say', extends: 'com/acme/Base', implements: ['com/acme/A', 'b/B'], methods: { '<init>': true, 'größe': true, 'hidden': false }, java: 21 }))).toEqual({
      javaVersion: 21, superclass: 'com/acme/Base', interfaces: ['com/acme/A', 'b/B'], methods: new Map([['<init>', true], ['größe', true], ['hidden', false]]),
    });
  });

  test('extends nothing if that is what everything extends', () => {
    expect(readClassFile(classFile({ name: 'A' }))).toEqual({ javaVersion: 17, superclass: undefined, interfaces: [], methods: new Map() });
  });

  test('has a public method of a name if one of them is', () => {
    const bytes = classFile({ name: 'A', methods: { 'same-1': true, 'same-2': false } });
    const named = Buffer.from(bytes.toString('latin1').replace('same-1', 'same-0').replace('same-2', 'same-0'), 'latin1');

    expect(readClassFile(named).methods).toEqual(new Map([['same-0', true]]));
  });

  test('is refused if it is none', () => {
    expect(() => readClassFile(Buffer.from('cafebabe000000340002ff', 'hex'))).toThrow('this is no class file');
  });
});
