import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { FunctionProps } from './function-props';

/**
 * A Lambda function: one to make from source, or one that exists.
 */
export class FunctionDefinition {
  /**
   * A function made from its source.
   *
   * @param handler the file, without its extension, and the export: `src/auth.main`
   * @param props how the function is made
   */
  public static fromHandler(handler: string, props: FunctionProps = {}): FunctionDefinition {
    return new FunctionDefinition({ handler, props });
  }

  /**
   * A function that exists. It keeps its own settings.
   *
   * @param fn the function, an alias or version of it, or an imported one
   */
  public static fromFunction(fn: IFunction): FunctionDefinition {
    return new FunctionDefinition({ existing: fn });
  }

  private constructor(private readonly definition: FunctionSource | ExistingFunction) {
  }

  /** @internal */
  public _render(): FunctionSource | ExistingFunction {
    return this.definition;
  }
}

/** A function to make. */
export interface FunctionSource {
  readonly handler: string;
  readonly props: FunctionProps;
}

/** A function that somebody else made. */
export interface ExistingFunction {
  readonly existing: IFunction;
}
