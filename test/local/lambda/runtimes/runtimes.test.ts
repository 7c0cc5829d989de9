import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { extensionsNote, missingForFunction, runtimeNote } from '../../../../src/local/lambda/function-pool';
import { functionFolder, functionModel } from '../../local-function';

interface Files {
  readonly [path: string]: string;
}

function missing(runtime: string, files: Files, app: Files = {}, layers: string[] = []): string | undefined {
  return missingForFunction(functionModel({ runtime, layers }), functionFolder(files), functionFolder(app));
}

/** With a PATH where nothing is. */
function withoutCommands<T>(work: () => T): T {
  const before = process.env.PATH;
  process.env.PATH = '/nowhere';
  try {
    return work();
  } finally {
    process.env.PATH = before;
  }
}

describe('the AWS SDK', () => {
  test.each([
    ['import{A}from"@aws-sdk/client-a";'],
    ['import \'@aws-sdk/client-a\';'],
    ['const a = require("@aws-sdk/client-a");'],
    ['await import( "@aws-sdk/client-a" )'],
  ])('is missing where the code has %s', (code) => {
    expect(missing('nodejs24.x', { 'src/index.mjs': code }))
      .toBe('function `Stack/Chat` uses `@aws-sdk/client-a`, which Lambda\'s Node.js carries and this app has not: `npm install --save-dev @aws-sdk/client-a`');
  });

  test('is not missing where it is with the code, in the app, or above it', () => {
    const code = { 'index.js': 'require("@aws-sdk/client-a")' };
    const sdk = { 'node_modules/@aws-sdk/client-a/package.json': '{}' };

    expect(missing('nodejs24.x', { ...code, ...sdk })).toBeUndefined();
    expect(missing('nodejs24.x', code, sdk)).toBeUndefined();
    expect(missingForFunction(functionModel(), functionFolder(code), join(functionFolder(sdk), 'packages', 'infra'))).toBeUndefined();
  });

  test('is not missing where a layer has it, or may have it', () => {
    const code = { 'index.js': 'require("@aws-sdk/client-a")' };

    expect(missing('nodejs24.x', code, {}, [functionFolder({ 'nodejs/node_modules/@aws-sdk/client-a/package.json': '{}' })])).toBeUndefined();
    expect(missing('nodejs24.x', code, {}, ['layer.zip'])).toBeUndefined();
    expect(missing('nodejs24.x', code, {}, [functionFolder()])).toMatch(/uses `@aws-sdk\/client-a`/);
  });

  test('is not looked for in packages, nor in other files', () => {
    expect(missing('nodejs24.x', { 'node_modules/x/index.js': 'require("@aws-sdk/client-a")', 'README.md': 'import "@aws-sdk/client-a"', 'index.js': '' })).toBeUndefined();
  });

  test('names all that is missing', () => {
    expect(missing('nodejs24.x', { 'index.mjs': 'import "@aws-sdk/client-a"; import "@aws-sdk/lib-b";' })).toMatch(/uses `@aws-sdk\/client-a`, `@aws-sdk\/lib-b`, .*`npm install --save-dev @aws-sdk\/client-a @aws-sdk\/lib-b`$/);
  });
});

describe('Python', () => {
  const CODE = { 'app.py': 'import boto3\nfrom botocore.exceptions import ClientError\n' };

  test('misses boto3 where its own Python has none', () => {
    const app = virtualEnvironment('/x/python');

    expect(missingForFunction(functionModel({ runtime: 'python3.13' }), functionFolder(CODE), app))
      .toBe('function `Stack/Chat` uses `boto3`, `botocore`, which Lambda\'s Python carries and `/x/python` has not: `/x/python -m pip install boto3`');
    expect(missingForFunction(functionModel({ runtime: 'python3.13' }), functionFolder({ ...CODE, 'boto3/__init__.py': '', 'botocore/__init__.py': '' }), app)).toBeUndefined();
  });

  test('has boto3 where its Python has it', () => {
    expect(missingForFunction(functionModel({ runtime: 'python3.13' }), functionFolder(CODE), virtualEnvironment('/x/python', ['boto3', 'botocore']))).toBeUndefined();
  });

  test('is the one of an active virtual environment', () => {
    process.env.VIRTUAL_ENV = join(virtualEnvironment('/active/python'), '.venv');
    const line = missing('python3.13', CODE);
    delete process.env.VIRTUAL_ENV;

    expect(line).toMatch(/`\/active\/python` has not/);
  });

  test('itself may be missing', () => {
    expect(withoutCommands(() => missing('python3.13', CODE)))
      .toBe('function `Stack/Chat` needs Python, and there is no `python3` here: install Python 3, or make a virtual environment `.venv` in the folder of the app');
  });

  test('is the one of the version that the function has, if there is one', () => {
    const bin = functionFolder({ 'python3': fake('/x/python3', [], '3.11'), 'python3.13': fake('/x/python3.13', ['boto3', 'botocore'], '3.13') });
    for (const name of ['python3', 'python3.13']) { chmodSync(join(bin, name), 0o755); }
    const before = process.env.PATH;
    process.env.PATH = `${bin}:${before}`;
    try {
      jest.isolateModules(() => {
        const { missingForFunction: missingNow, runtimeNote: noteNow } = jest.requireActual('../../../../src/local/lambda/function-pool');
        expect(missingNow(functionModel({ runtime: 'python3.13' }), functionFolder(CODE), functionFolder())).toBeUndefined();
        expect(noteNow(functionModel({ runtime: 'python3.13' }), functionFolder())).toBeUndefined();
        expect(noteNow(functionModel({ runtime: 'python3.12' }), functionFolder())).toBe('Python 3.11 (3.12 in Lambda)');
      });
    } finally {
      process.env.PATH = before;
    }
  });

  test('does not load packages that are compiled for another version', () => {
    const code = functionFolder({ 'numpy/core.cpython-39-x86_64-linux-gnu.so': '' });

    expect(missingForFunction(functionModel({ runtime: 'python3.9' }), code, virtualEnvironment('/x/python')))
      .toBe('function `Stack/Chat` has `numpy/core.cpython-39-x86_64-linux-gnu.so`, which is compiled for Python 3.9, and `/x/python` is Python 3.13: its import fails here. '
        + 'Install Python 3.9 (`python3.9` on the PATH)');
  });

  function virtualEnvironment(executable: string, packages: string[] = []): string {
    const app = functionFolder({ '.venv/bin/python': fake(executable, packages) });
    chmodSync(join(app, '.venv/bin/python'), 0o755);
    return app;
  }

  function fake(executable: string, packages: string[], version = '3.13'): string {
    return `#!/bin/sh\necho '${JSON.stringify({ executable, version, packages, carried: [] })}'\n`;
  }
});

describe('compiled files', () => {
  const other = process.arch === 'arm64' ? '3e' : 'b7';
  const head = Buffer.from(`7f454c46000000000000000000000000000000${other}00`.slice(0, 36) + `${other}00`, 'hex');

  test.each([
    ['nodejs24.x', 'node_modules/sharp/sharp.node'],
    ['python3.13', 'numpy/core.abi3.so'],
  ])('for another architecture do not load in %s', (runtime, file) => {
    const folder = functionFolder({ [file]: '' });
    writeFileSync(join(folder, file), head);

    expect(missingForFunction(functionModel({ runtime }), folder, folder)).toMatch(new RegExp(`^function \`Stack/Chat\` has \`${file}\`, which is compiled for linux (x64|arm64), and this is `));
  });
});

describe('an extension in a layer', () => {
  test('is told', () => {
    const layer = functionFolder({ 'extensions/datadog-agent': '' });

    expect(extensionsNote(functionModel({ layers: [functionFolder(), layer] })))
      .toBe('function `Stack/Chat` has the extension `datadog-agent` in its layers: extensions do not run here');
    expect(extensionsNote(functionModel({ layers: [functionFolder()] }))).toBeUndefined();
  });
});

describe('other runtimes', () => {
  test('Java needs a JDK', () => {
    expect(withoutCommands(() => missing('java21', {}))).toBe('function `Stack/Chat` needs Java, and there is no JDK here: install one of 17 or newer (`javac` and `java` on the PATH)');
  });

  test.each(['dotnetcore3.1', 'ruby3.4'])('%s is not run here', (runtime) => {
    expect(missing(runtime, {})).toBe(`function \`Stack/Chat\` has the runtime \`${runtime}\`, which is not run here: use Node.js, Python, Java, .NET or a \`provided\` runtime with a \`bootstrap\`, or try it deployed`);
  });

  test('a bootstrap has to be there, and executable', () => {
    expect(missing('provided.al2023', {})).toBe('function `Stack/Chat` has no `bootstrap` in its code or its layers: name the executable so');
    expect(missing('provided.al2023', { bootstrap: '#!/bin/sh' })).toBe('function `Stack/Chat` has a `bootstrap` that is not executable: `chmod +x` it before it is packed');
    expect(missing('provided.al2023', {}, {}, ['layer.zip'])).toBeUndefined();
  });

  test.each([
    ['linux x64', Buffer.from('7f454c4600000000000000000000000000003e00', 'hex')],
    ['linux arm64', Buffer.from('7f454c460000000000000000000000000000b700', 'hex')],
    ['linux machine 8', Buffer.from('7f454c4600000000000000000000000000000800', 'hex')],
    ['darwin arm64', Buffer.from('cffaedfe0c000001000000000000000000000000', 'hex')],
    ['darwin x64', Buffer.from('cffaedfe07000001000000000000000000000000', 'hex')],
    ['win32 x64', Buffer.from('4d5a000000000000000000000000000000000000', 'hex')],
  ])('a bootstrap for %s runs on no other', (platform, head) => {
    const folder = functionFolder();
    writeFileSync(join(folder, 'bootstrap'), head, { mode: 0o755 });
    const line = missingForFunction(functionModel({ runtime: 'provided.al2023' }), folder, folder);

    if (platform === `${process.platform} ${process.arch}`) {
      expect(line).toBeUndefined();
    } else {
      expect(line).toBe(`function \`Stack/Chat\` has a \`bootstrap\` for ${platform}, and this is ${process.platform} ${process.arch} (exec format error): build it for both, or try it deployed`);
    }
  });
});

describe('the version', () => {
  const here = process.versions.node.split('.')[0];

  test('of Java is that of the JDK', () => {
    const bin = functionFolder({ javac: '#!/bin/sh\necho javac 21.0.2\n' });
    chmodSync(join(bin, 'javac'), 0o755);
    const before = process.env.PATH;
    process.env.PATH = bin;
    try {
      expect(runtimeNote(functionModel({ runtime: 'java25' }))).toBe('Java 21 (25 in Lambda)');
      expect(runtimeNote(functionModel({ runtime: 'java21' }))).toBeUndefined();
    } finally {
      process.env.PATH = before;
    }
  });

  test('is told where it is another one than in Lambda', () => {
    expect(runtimeNote(functionModel({ runtime: 'nodejs99.x' }))).toBe(`Node.js ${here} (99 in Lambda)`);
    expect(runtimeNote(functionModel({ runtime: `nodejs${here}.x` }))).toBeUndefined();
    expect(runtimeNote(functionModel({ runtime: 'provided.al2023' }))).toBeUndefined();
  });
});
