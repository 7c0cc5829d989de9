import { InjectionContext, IPropertyInjector, PropertyInjectors } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/**
 * Changes the props of a construct after the app's own property injectors have seen them. Passing a default as a prop hides from an
 * injector that nobody asked for the value, and `{ memorySize: 256, ...props }` then loses to a default.
 *
 * @param scope the scope of the construct, or one above it
 * @param type the `PROPERTY_INJECTION_ID` of the construct's class
 * @param isMeant tells the construct from others of its class in the same scope
 */
export function completeProps<T>(
  scope: IConstruct,
  type: string,
  isMeant: (context: InjectionContext) => boolean,
  complete: (props: T) => T,
) {
  const outer = injectorFor(scope, type);
  PropertyInjectors.of(scope).add({
    constructUniqueId: type,
    inject: (props, context) => {
      const injected = outer ? outer.inject(props, context) : props;
      return isMeant(context) ? complete(injected) : injected;
    },
  });
}

/** Tells a construct by its place. */
export function isChild(parent: IConstruct, childId: string): (context: InjectionContext) => boolean {
  return ({ scope, id }) => scope === parent && id === childId;
}

/** The injector that CDK would apply: the nearest one upwards. */
function injectorFor(scope: IConstruct, type: string): IPropertyInjector | undefined {
  for (let at: IConstruct | undefined = scope; at; at = at.node.scope) {
    const injector = PropertyInjectors.hasPropertyInjectors(at) ? PropertyInjectors.of(at as IConstruct).for(type) : undefined;
    if (injector) { return injector; }
  }
  return undefined;
}
