export async function main(event: { methodArn: string }) {
  return {
    principalId: 'somebody',
    policyDocument: { Version: '2012-10-17', Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: event.methodArn }] },
  };
}
