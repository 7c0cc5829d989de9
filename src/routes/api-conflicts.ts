import { CfnResource, Reference, Stage, Tokenization } from 'aws-cdk-lib';
import { CfnRoute, CfnStage, IWebSocketApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Construct } from 'constructs';
import { routeName } from './route-key';

/** The routes and stages that the app gives to one API, by whatever construct. */
export class ApiResources {
  private found?: { readonly routes: CfnRoute[]; readonly stages: CfnStage[] };

  constructor(private readonly scope: Construct, private readonly api: IWebSocketApi) {
  }

  /** Whether the API has one stage in this app. Ask when the app is synthesized: everything is there then. */
  public get hasOneStage(): boolean {
    return this.all().stages.length <= 1;
  }

  /** What is defined twice, in the words of an error. */
  public conflicts(own: CfnRoute[], ownStage: CfnStage | undefined): string[] {
    const { routes, stages } = this.all();
    const ownRoutes = new Map(own.map((route) => [route.routeKey, route]));
    return [
      ...routes.filter((route) => ownRoutes.has(route.routeKey) && ownRoutes.get(route.routeKey) !== route).map((route) =>
        `${routeName(route.routeKey)} is defined twice, here and in \`${route.node.path}\`: an API has one route for each key; leave one out`),
      ...stages.filter((stage) => ownStage && stage !== ownStage && stage.stageName === ownStage.stageName).map((stage) =>
        `stage \`${JSON.stringify(stage.stageName)}\` is defined twice, here and in \`${stage.node.path}\`: ` +
        'choose another name with `StageSource.fromOptions({ stageName })`, or use the existing stage with `StageSource.fromStage(stage)`'),
    ];
  }

  private all() {
    this.found ??= this.find();
    return this.found;
  }

  private find() {
    const api = identity(this.api.apiId);
    const resources = this.scope.node.root.node.findAll().filter((node): node is CfnResource => CfnResource.isCfnResource(node));
    const ofApi = (node: CfnRoute | CfnStage) => Stage.of(node) === Stage.of(this.scope) && identity(node.apiId) === api;
    const ofType = (type: string) => resources.filter((node) => node.cfnResourceType === type);
    return {
      routes: ofType(CfnRoute.CFN_RESOURCE_TYPE_NAME).map((node) => node as CfnRoute).filter(ofApi),
      stages: ofType(CfnStage.CFN_RESOURCE_TYPE_NAME).map((node) => node as CfnStage).filter(ofApi),
    };
  }
}

/** The same text for the same API, whether it is named or referred to. */
function identity(apiId: string): string {
  const token = Tokenization.reverseString(apiId).firstToken;
  return Reference.isReference(token) ? token.target.node.path : JSON.stringify(apiId);
}
