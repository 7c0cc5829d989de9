// CDK validates every template against CloudFormation's schemas, which takes seconds: `strict.test.ts` does that for all.
process.env.CDK_VALIDATION = 'false';
// CDK's own code uses what it calls deprecated.
process.env.JSII_DEPRECATED = 'quiet';
// Stacks without a Region go where the files of AWS's tools say, and a developer may have some.
process.env.AWS_CONFIG_FILE = process.env.AWS_SHARED_CREDENTIALS_FILE = '/dev/null';
