import { Bundling } from '../../src';

describe('a way of bundling says which it is where its options are wrong', () => {
  test.each<[string, (options: any) => Bundling, string]>([
    ['esbuild', Bundling.esbuild, 'minify'], ['python', Bundling.python, 'buildFromSource'], ['golang', Bundling.golang, 'tags'], ['maven', Bundling.maven, 'profiles'],
    ['dotnet', Bundling.dotnet, 'properties'],
  ])('%s', (name, bundling, option) => {
    expect(() => bundling({ [option]: 1 })).toThrow(`\`Bundling.${name}()\``);
    expect(bundling(undefined)._render()).toEqual({ [name]: {} });
  });
});

describe('a package that is built from source', () => {
  test.each(['a', 'A', '7', 'ab', 'My.Pack_age-2'])('may be `%s`', (name) => {
    expect(Bundling.python({ buildFromSource: ['first', name] })._render().python).toEqual({ buildFromSource: ['first', name] });
  });

  test.each(['', '-a', 'a-', '.a', 'a==1', 'a b', ' a', './a', '--index-url=x', 'a,b', 'a\n'])('is the bare name of one, and not %j', (name) => {
    expect(() => Bundling.python({ buildFromSource: ['first', name] }))
      .toThrow(`\`${JSON.stringify(name)}\` in \`buildFromSource\` is not the name of a package: write the bare name, such as \`"dictdiffer"\``);
  });
});

test('nothing is bundled by options of any kind where bundling is disabled, and defaults say that they are some', () => {
  expect(Bundling.disabled()._render()).toEqual({});
  expect(Bundling.python()._asDefault()._render()).toEqual({ python: {}, isDefault: true });
});
