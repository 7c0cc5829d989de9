import { evaluateExpression } from './expression';
import { Model } from './model';

/** @throws Error if API Gateway would refuse an expression, so that the user hears of it at the start and not at the first message */
export function checkExpressions({ apis }: Pick<Model, 'apis'>) {
  for (const { path, routeSelectionExpression, apiKeySelectionExpression, routes } of apis) {
    const ofRoutes = [...routes.values()].flatMap(({ modelSelectionExpression }) => modelSelectionExpression ?? []);
    for (const expression of [routeSelectionExpression, apiKeySelectionExpression, ...ofRoutes]) {
      try {
        evaluateExpression(expression, {});
      } catch (error) {
        throw new Error(`\`${path}\`: ${(error as Error).message}`);
      }
    }
  }
}
