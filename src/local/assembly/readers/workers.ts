import { FunctionReader } from './function-reader';
import { FunctionModel } from '../../definition/model';
import { isAllowed } from '../../iam/iam-policy';

/** Notes the functions that others in use may invoke, and those that these may invoke in turn. */
export function useWorkers(functions: FunctionReader): FunctionModel[] {
  const workers: FunctionModel[] = [];
  const invoking = [...functions.used];
  const others = new Set([...functions.functions.values()].filter((fn) => !invoking.includes(fn)));
  for (const fn of invoking) {
    for (const worker of [...others].filter((other) => names(fn, other))) {
      others.delete(worker);
      functions.use(worker.arn, `\`${fn.path}\``);
      invoking.push(worker);
      workers.push(worker);
    }
  }
  return workers;
}

/** A role that may invoke everything names nothing. */
function names({ role }: FunctionModel, { arn }: FunctionModel): boolean {
  const statements = (role?.statements ?? []).map((statement) => ({
    ...statement, resources: statement.resources?.filter((resource) => !/(?:^|:function:)\*$/.test(resource)),
  }));
  return isAllowed(statements, { action: 'lambda:InvokeFunction', resource: arn }) === 'allow';
}
