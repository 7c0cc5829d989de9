// CDK validates every template against CloudFormation's schemas, which takes seconds: `strict.test.ts` does that for all.
process.env.CDK_VALIDATION = 'false';
// CDK's own code uses what it calls deprecated.
process.env.JSII_DEPRECATED = 'quiet';
// Stacks without a Region go where the files of AWS's tools say, and a developer may have some.
process.env.AWS_CONFIG_FILE = process.env.AWS_SHARED_CREDENTIALS_FILE = '/dev/null';

// In the package, a worker is a JavaScript file. Here it is TypeScript, which Node.js has to be taught.
jest.mock('node:worker_threads', () => {
  const actual = jest.requireActual('node:worker_threads');
  return {
    ...actual,
    Worker: class extends actual.Worker {
      constructor(file: string, options: object) {
        super(file, file.endsWith('.ts') ? { ...options, execArgv: ['--require', require.resolve('./typescript-hook.cjs')] } : options);
      }
    },
  };
});
