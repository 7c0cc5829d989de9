import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as library from '../src';

const SOURCES = readdirSync('src', { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts')).map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'utf8'));

/** An enum of jsii is a plain object. */
const classes = Object.entries(library).flatMap(([name, value]) => typeof value === 'function' ? [name] : []);

test.each(classes)('`%s` shows how it is used', (name) => {
  const [source = ''] = SOURCES.filter((text) => new RegExp(`^export (abstract )?class ${name}\\b`, 'm').test(text));
  const [above] = source.split(new RegExp(`^export (?:abstract )?class ${name}\\b`, 'm'));

  expect(above.slice(above.lastIndexOf('/**'))).toContain('@example');
});
