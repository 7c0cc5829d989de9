import { Notice } from './notice';

/** Resources that a user may really have and test with. Their ids are made up here. */
const KINDS: ReadonlyMap<string, string> = new Map(Object.entries({
  'AWS::Cognito::IdentityPool': 'identity pool',
  'AWS::Cognito::UserPool': 'user pool',
  'AWS::Cognito::UserPoolClient': 'client',
}));

/** A function that knows a user pool by an invented id refuses the tokens of the real pool. */
export const inventedIds: Notice = ({ resources, served, given }) => resources.ofType(...KINDS.keys()).flatMap((resource) => {
  const users = served.flatMap(({ path, environment }) => (
    Object.entries(environment).filter(([name, value]) => value.includes(resource.ref) && !given.has(name)).map(([name]) => `\`${path}\` in \`${name}\``)
  ));
  const name = `${resource.stack.name}.${resource.logicalId}`;
  return users.length === 0 || given.has(name) ? []
    : [`the id of the ${KINDS.get(resource.type)} \`${resource.path}\` is made up here (${users.join(', ')}): tokens that the gateway makes (\`token()\`, see the guide) fit it; `
      + `to use real ones, give the real one in the env file, as \`${name}=…\``];
});
