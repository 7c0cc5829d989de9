// CDK validates every template against CloudFormation's schemas, which takes seconds: `strict.test.ts` does that for all.
process.env.CDK_VALIDATION = 'false';
// CDK's own code uses what it calls deprecated.
process.env.JSII_DEPRECATED = 'quiet';
