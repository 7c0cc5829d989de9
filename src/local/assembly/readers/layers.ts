import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { GivenValues } from '../given-values';
import { Resource, Resources } from '../template/resource';

/** A layer of a function, and where its files are, if that is known. */
export interface Layer {
  readonly arn: string;
  readonly path?: string;
}

/** The layers of an app, and those of others that the user has files of. */
export class Layers {
  private readonly ofApp: ReadonlyMap<string, string | undefined>;

  constructor(resources: Resources, private readonly given: GivenValues) {
    this.ofApp = new Map(resources.ofType('AWS::Lambda::LayerVersion').map((layer) => [layer.ref, layer.asset('Content', 'S3Key')]));
  }

  public of(fn: Resource): Layer[] {
    return fn.texts('Layers').map((arn) => ({ arn, path: this.ofApp.get(arn) ?? this.givenPath(arn) }));
  }

  /** The value of an unknown ARN may be the path itself. */
  private givenPath(arn: string): string | undefined {
    const given = this.given.get(arn);
    if (given === undefined) { return !arn.startsWith('arn:') && existsSync(arn) ? resolve(arn) : undefined; }
    if (!existsSync(given)) {
      throw new Error(`the env file names \`${given}\` for the layer \`${arn}\`, which does not exist: name a folder or zip file, relative to \`${resolve()}\``);
    }
    return resolve(given);
  }
}
