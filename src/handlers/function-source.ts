import { IFunction } from 'aws-cdk-lib/aws-lambda';
import { HandlerProps } from './handler-props';

/** A function to make from its source. */
export interface SourceFunction {
  readonly handler: string;
  readonly props: HandlerProps;
}

/** A function that exists. */
export interface ExistingFunction {
  readonly existing: IFunction;
}

/** The function behind a route or an authorizer. */
export type FunctionSource = SourceFunction | ExistingFunction;
