import { oneOf } from './one-of';
import { parseTarget } from '../../definition/integration-target';
import { asTextRecord } from '../../definition/json-value';
import { IntegrationModel } from '../../definition/model';
import { Resource } from '../template/resource';

/** API Gateway's default, and the longest that it waits. */
const DEFAULT_TIMEOUT_MILLIS = 29_000;

export function readIntegration(integration: Resource, responses: readonly Resource[]): IntegrationModel {
  const credentials = integration.text('CredentialsArn');
  return {
    type: oneOf(['AWS', 'HTTP_PROXY', 'HTTP', 'MOCK'], integration.text('IntegrationType')) ?? 'AWS_PROXY',
    path: integration.path,
    target: parseTarget(integration.text('IntegrationUri') ?? ''),
    method: integration.text('IntegrationMethod') ?? 'POST',
    ...credentials === undefined ? {} : { credentials },
    requestTemplates: asTextRecord(integration.properties.RequestTemplates),
    ...templateSelection(integration),
    requestParameters: asTextRecord(integration.properties.RequestParameters),
    passthroughBehavior: oneOf(['WHEN_NO_TEMPLATES', 'NEVER'], integration.text('PassthroughBehavior')) ?? 'WHEN_NO_MATCH',
    timeoutMillis: integration.number('TimeoutInMillis') ?? DEFAULT_TIMEOUT_MILLIS,
    responses: responses.map((response) => ({
      key: response.text('IntegrationResponseKey') ?? '$default',
      ...templateSelection(response),
      templates: asTextRecord(response.properties.ResponseTemplates),
      parameters: asTextRecord(response.properties.ResponseParameters),
    })),
  };
}

function templateSelection(resource: Resource): { templateSelectionExpression?: string } {
  const templateSelectionExpression = resource.text('TemplateSelectionExpression');
  return templateSelectionExpression === undefined ? {} : { templateSelectionExpression };
}
