import { join } from 'node:path';
import { readEnvFile } from '../../src/cli/env-file';
import { newFolder } from '../local/assembly-folder';

const read = (text: string) => readEnvFile(join(newFolder({ '.env': text }), '.env'));

test.each([
  ['NAME=value', { NAME: 'value' }],
  ['  export NAME = value  ', { NAME: 'value' }],
  ['NAME=', { NAME: '' }],
  ['NAME=a=b', { NAME: 'a=b' }],
  ['ONE=1\r\nTWO=2\r\n', { ONE: '1', TWO: '2' }],
  ['\ufeffNAME=value', { NAME: 'value' }],
  ['NAME=first\nNAME=last', { NAME: 'last' }],
  ['Stack.Table.StreamArn=arn:aws:x', { 'Stack.Table.StreamArn': 'arn:aws:x' }],
  ['Shared:ExportsOutput/Ref-1=x', { 'Shared:ExportsOutput/Ref-1': 'x' }],
  ['# a comment\n\n  # another\nNAME=value # why', { NAME: 'value' }],
  ['NAME=#fff', { NAME: '#fff' }],
  ['NAME="two words # no comment"', { NAME: 'two words # no comment' }],
  ['NAME="two words" # a comment with a "quote"', { NAME: 'two words' }],
  ["NAME='two words' # a comment", { NAME: 'two words' }],
  [String.raw`NAME="a \"quote\", a\nline, a \\ and \d"`, { NAME: 'a "quote", a\nline, a \\ and \\d' }],
  [String.raw`NAME='as it is: \n "x"'`, { NAME: String.raw`as it is: \n "x"` }],
  ['NAME={"a":"b"}', { NAME: '{"a":"b"}' }],
  ['NAME="not closed', { NAME: '"not closed' }],
])('%j is read', (text, expected) => {
  expect(read(text)).toEqual(expected);
});

test.each([
  ['NAME=value\nno value\n', /^line 2 of `.*\.env` is not `NAME=value`: `no value`$/],
  ['{\n  "NAME": "value"\n}', /^line 1 of `.*\.env` is not `NAME=value`: `{`$/],
  ['NAME: value', /^line 1 of `.*\.env` is not `NAME=value`: `NAME: value`$/],
  ['=value', /^line 1 of `.*\.env` is not `NAME=value`: `=value`$/],
])('%j is an error that tells the line', (text, message) => {
  expect(() => read(text)).toThrow(message);
});

test.each(['no-file', '.'])('that there is no file `%s` is an error', (name) => {
  const path = join(newFolder(), name);

  expect(() => readEnvFile(path)).toThrow(new Error(`cannot read the env file \`${path}\`: it does not exist, or is not a file`));
});
