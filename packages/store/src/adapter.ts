export {
  type ChangeFeed,
  type ChangeFeedOptions,
  type CommittedChanges,
  createChangeFeed,
} from './change-feed.ts'
export { checkCommit, duplicateKey } from './check-commit.ts'
export { planQuery, type QueryPart, type QueryPlan } from './plan-query.ts'
export { alreadyRunning, leaseLost, outOfTurn, type Refusal, refusal, storeClosed } from './refusals.ts'
export { type ColumnPlan, planOf, TABLE_NAMES, type TablePlan } from './table-plan.ts'
export { type Fields, fieldsOf, rowEntry, rowsFor, rowsOf } from './unsafe-row.ts'
