import { CfnResource, Stack, STACK_RESOURCE_LIMIT_CONTEXT } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';
import { RouteResource } from './routes/route-resource';

/** How many resources CloudFormation allows a stack. */
const MAX_RESOURCES = 500;

/**
 * Finds the stacks with routes that have more resources than CloudFormation allows. CDK finds them too, but later, and its error does not
 * mention routes.
 *
 * @param api the path of the API that the routes belong to
 * @param parts all constructs of the routes, in all stacks
 * @returns what is wrong, in the words of an error
 */
export function tooManyResources(api: string, parts: IConstruct[]): string[] {
  const stacks = new Set(parts.map((part) => Stack.of(part)));
  return [...stacks].flatMap((stack) => {
    const limit = resourceLimit(stack);
    const all = resourcesOf(stack, [stack]);
    if (all <= limit) { return []; }

    const local = parts.filter((part) => Stack.of(part) === stack);
    const routes = local.filter((part) => part instanceof RouteResource).length;
    return [`stack \`${stack.node.path}\` has ${all} resources, ${resourcesOf(stack, local)} of them for ${routes} ${routes === 1 ? 'route' : 'routes'} of \`${api}\`: ` +
      `${limit === MAX_RESOURCES ? `CloudFormation allows ${limit}` : `the context value \`"${STACK_RESOURCE_LIMIT_CONTEXT}"\` allows ${limit}`}; ` +
      `${oneLogGroup(resourcesOf(stack, local, isLogGroup))}add some of the routes in another stack, with \`addRoutes(otherStack, …)\`, or lead several to one function with \`Route.toFunction(fn)\`: each of them is then one resource`];
  });
}

/** A feature flag, which `cdk init` sets, has CDK make a log group for each function. */
function oneLogGroup(logGroups: number): string {
  return logGroups > 1 ? `have functions share a log group, with \`logGroup\` in \`defaultFunctionProps\`: they have ${logGroups}; or ` : '';
}

/** CDK's own rule: the context may lower the limit, and 0 switches it off. */
function resourceLimit(stack: Stack): number {
  const limit = parseInt(stack.node.tryGetContext(STACK_RESOURCE_LIMIT_CONTEXT) ?? MAX_RESOURCES, 10);
  return limit > 0 ? limit : Infinity;
}

/** Without those of nested stacks, which have a limit of their own. */
function resourcesOf(stack: Stack, constructs: IConstruct[], isMeant: (resource: CfnResource) => boolean = () => true): number {
  return [...new Set(constructs.flatMap((construct) => construct.node.findAll()))]
    .filter((construct): construct is CfnResource => CfnResource.isCfnResource(construct))
    .filter((resource) => resource.stack === stack && isSynthesized(resource) && isMeant(resource)).length;
}

function isLogGroup({ cfnResourceType }: CfnResource): boolean {
  return cfnResourceType === 'AWS::Logs::LogGroup';
}

/** Some resources, such as an empty policy, do not reach the template. CDK's way to know that is not public. */
function isSynthesized(resource: CfnResource): boolean {
  return (resource as unknown as { shouldSynthesize(): boolean }).shouldSynthesize();
}
