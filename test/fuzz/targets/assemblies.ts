import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { intrinsicValue, resource } from './intrinsics';
import { recordOf } from './text';
import { readModel } from '../../../src/local/assembly/model-reader';
import { mockApi } from '../../local/assembly/mock-api';
import { Target } from '../engine';

const artifact = fc.record({
  type: fc.constantFrom('aws:cloudformation:stack', 'cdk:asset-manifest', 'cdk:cloud-assembly', 'cdk:tree'),
  environment: fc.constantFrom('aws://111111111111/eu-west-1', 'aws://unknown-account/unknown-region', 'aws://', 'x'),
  properties: fc.record({
    templateFile: fc.constantFrom('a.json', 'b.json', 'none.json', '.'), file: fc.constantFrom('assets.json', 'a.json'), directoryName: fc.constantFrom('stage', '.', '..', 'none'), stackName: fc.constantFrom('A', 'B'),
  }, { requiredKeys: [] }),
  metadata: fc.dictionary(fc.constantFrom('/A/Api', '/A'), fc.array(fc.record({ type: fc.constantFrom('aws:cdk:logicalId', 'aws:cdk:asset'), data: fc.oneof(fc.constant('Api'), fc.jsonValue()) }))),
}, { requiredKeys: ['type', 'properties'] });
const { Resources } = mockApi() as { Resources: { [id: string]: any } };
const template = fc.record({
  Resources: fc.tuple(
    fc.dictionary(fc.constantFrom('Extra', 'Route', 'Api'), resource, { maxKeys: 2 }),
    fc.dictionary(fc.constantFrom('Name', 'RouteKey', 'RouteSelectionExpression', 'ApiId', 'Target', 'StageName', 'RequestTemplates', 'AuthorizationType'), intrinsicValue, { maxKeys: 2 }),
    fc.constantFrom(...Object.keys(Resources)),
  ).map(([others, properties, id]) => (
    { ...Resources, ...others, [id]: { ...Resources[id], Properties: { ...Resources[id].Properties, ...properties } } }
  )),
  Conditions: fc.dictionary(fc.constantFrom('A', 'B'), intrinsicValue),
}, { requiredKeys: ['Resources'] });

/** A cloud assembly: its manifest, templates, assets, stages. */
export const assemblies: Target = {
  inputs: fc.record({
    'manifest.json': fc.record({ artifacts: fc.dictionary(fc.constantFrom('A', 'B', 'C'), artifact, { minKeys: 1 }) }),
    'a.json': template,
    'b.json': fc.oneof(template, fc.string()),
    'assets.json': fc.record({ files: fc.dictionary(fc.string(), fc.record({ source: fc.record({ path: fc.string() }), destinations: fc.dictionary(fc.string(), fc.record({ objectKey: fc.string() })) })) }),
    'stage/manifest.json': fc.record({ artifacts: fc.dictionary(fc.constantFrom('A', 'B'), artifact) }),
  }, { requiredKeys: ['manifest.json', 'a.json'] }),
  reaches: true,
  patience: 1000,
  run(files) {
    const folder = mkdtempSync(join(tmpdir(), 'fuzz-'));
    try {
      for (const name of ['manifest.json', 'a.json', 'b.json', 'assets.json', 'stage/manifest.json']) {
        const content = recordOf(files)[name];
        if (content === undefined) { continue; }
        mkdirSync(dirname(join(folder, name)), { recursive: true });
        writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
      }
      readModel(folder);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};
