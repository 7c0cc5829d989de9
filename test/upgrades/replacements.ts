import { fullDiff, ResourceImpact } from '@aws-cdk/cloudformation-diff';

/** The resources of a template. */
export interface Resources {
  readonly [logicalId: string]: { readonly Type: string; readonly Properties?: { readonly [name: string]: unknown } };
}

/** What CloudFormation does with what is deployed, by logical id. */
export interface Replacements {
  /** Created beside what there is. */
  readonly added: string[];
  /** Changed in place. */
  readonly updated: string[];
  /** Deleted and created anew, under the same logical id. */
  readonly replaced: string[];
  /** Deleted, or left behind. */
  readonly removed: string[];
}

/** As `cdk diff` judges it, with CloudFormation's own schemas. What CloudFormation may replace counts as replaced. */
export function replacements(before: Resources, after: Resources): Replacements {
  const found: Replacements = { added: [], updated: [], replaced: [], removed: [] };
  const { resources } = fullDiff({ Resources: before }, { Resources: after });
  resources.forEachDifference((logicalId, { changeImpact, isAddition, isRemoval }) => {
    if (changeImpact === ResourceImpact.NO_CHANGE) { return; }
    if (isAddition) {
      found.added.push(logicalId);
    } else if (isRemoval) {
      found.removed.push(logicalId);
    } else if (changeImpact === ResourceImpact.WILL_UPDATE) {
      found.updated.push(logicalId);
    } else {
      found.replaced.push(logicalId);
    }
  });
  return found;
}
