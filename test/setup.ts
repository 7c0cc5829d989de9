// CDK validates every template against CloudFormation's schemas, which takes seconds: `strict.test.ts` does that for all.
process.env.CDK_VALIDATION = 'false';
