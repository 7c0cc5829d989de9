import { prepareRequest } from './request';
import { makeResponse } from './response';

/** The work of an integration that runs what templates and clients wrote. It takes as long as they please, so it needs an end. */
export const EVALUATIONS = { prepareRequest, makeResponse };

export type Evaluations = typeof EVALUATIONS;

/**
 * Runs one of the evaluations with a time limit, without blocking the gateway.
 *
 * @param owner the connection that the work is for
 */
export type Evaluate = <Name extends keyof Evaluations>(
  owner: string, name: Name, ...args: Parameters<Evaluations[Name]>
) => Promise<ReturnType<Evaluations[Name]>>;
