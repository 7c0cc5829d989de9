import { join } from 'node:path';
import { csproj, frameworks, HANDLER } from './dotnet-project';
import { CompiledRequest } from '../../../src/handlers/compiled/compiled-language';
import { DOTNET } from '../../../src/handlers/dotnet/dotnet-language';
import { sourceProject } from '../source-project';

const find = (changes: Partial<CompiledRequest> = {}) => (
  DOTNET.find({ handler: HANDLER, srcDir: join(process.cwd(), 'handlers/Chat'), architecture: 'x86_64', options: {}, ...changes }));

describe('the framework of a project in C#', () => {
  const runtimeOf = (files: { [path: string]: string }) => {
    sourceProject({ 'handlers/Chat/Chat.csproj': '<Project Sdk="Microsoft.NET.Sdk" />', ...files });
    return find().runtime;
  };

  test('may be written above it, with properties', () => {
    expect(runtimeOf({ 'Directory.Build.props': '<Project><Import Project="versions.props" /><PropertyGroup><TargetFramework>net$(Level)</TargetFramework></PropertyGroup></Project>', 'versions.props': '<Project><PropertyGroup><Level>8.0</Level></PropertyGroup></Project>' })).toBe('dotnet8');
  });

  test('is the newest that Lambda has, of many', () => {
    expect(runtimeOf({ 'handlers/Chat/Chat.csproj': '<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFrameworks>netstandard2.0;net8.0;net9.0</TargetFrameworks></PropertyGroup></Project>' })).toBe('dotnet8');
  });

  test('cannot be read if one of many is made of what nobody knows', () => {
    expect(() => runtimeOf({ 'handlers/Chat/Chat.csproj': '<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFrameworks>net8.0;net$(Other)</TargetFrameworks></PropertyGroup></Project>' }))
      .toThrow('has no `TargetFramework` that can be read without building it');
  });
});

describe('the runtime of a project in C#', () => {
  const found = (text: string, changes: Partial<CompiledRequest> = {}) => {
    sourceProject({ 'handlers/Chat/Chat.csproj': text });
    return find(changes);
  };

  test.each<[names: string, runtime: string | undefined, expected: object]>([
    ['net8.0;net10.0', 'dotnet8', { framework: 'net8.0', hasMany: true, runtime: 'dotnet8' }],
    [' net8.0 ; net10.0 ;', 'dotnet10', { framework: 'net10.0', hasMany: true, runtime: 'dotnet10' }],
    ['net8.0', 'dotnet8', { framework: 'net8.0', hasMany: false, runtime: 'dotnet8' }],
    ['net10.0', undefined, { framework: 'net10.0', hasMany: false, runtime: 'dotnet10' }],
    ['net8.0;net10.0', undefined, { framework: 'net10.0', hasMany: true, runtime: 'dotnet10' }],
    ['net10.0;net8.0', undefined, { framework: 'net10.0', hasMany: true, runtime: 'dotnet10' }],
    ['net8.0;net8.0-windows', undefined, { framework: 'net8.0', hasMany: true, runtime: 'dotnet8' }],
    ['net6.0;net8.0', 'dotnet6', { framework: 'net6.0', hasMany: true, runtime: 'dotnet6' }],
    ['net8', 'dotnet8', { framework: 'net8', hasMany: false, runtime: 'dotnet8' }],
  ])('%s, asked for %s', (names, runtime, expected) => {
    expect(found(frameworks(names), { runtime })).toMatchObject(expected);
  });

  test('is decided by one framework before many, and by properties before both', () => {
    const both = csproj('<PropertyGroup><TargetFrameworks>net10.0</TargetFrameworks></PropertyGroup>', 'net8.0');

    expect(found(both)).toMatchObject({ framework: 'net8.0', hasMany: false });
    expect(found(both, { options: { properties: { TargetFramework: 'net10.0' } } })).toMatchObject({ framework: 'net10.0', hasMany: false });
    expect(found(frameworks('net8.0'), { options: { properties: { TargetFrameworks: 'net8.0;net10.0' } } })).toMatchObject({ framework: 'net10.0', hasMany: true });
  });

  test.each([['net8.0', 'dotnetcore3.1'], ['net80.0', 'dotnet8'], ['net8.0-windows', 'dotnet8'], ['netstandard2.0', 'dotnet8']])('does not run another framework: %s on %s', (framework, runtime) => {
    expect(() => found(csproj('', framework), { runtime })).toThrow(`is for \`${framework}\`, which the runtime \`${runtime}\` does not run`);
  });

  test.each(['net$(Level)', '', ' ; '])('cannot be read of %p', (framework) => {
    expect(() => found(frameworks(framework))).toThrow('has no `TargetFramework` that can be read without building it');
  });
});
