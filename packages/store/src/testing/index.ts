export { breakStores, brokenStores } from './broken-stores.ts'
export { type BackupPlace, RuleSkipped, type StoreFixture, type StoreRule, type SuiteFault } from './rule.ts'
export { historyRules } from './rules-history.ts'
export {
  SAMPLE_JOB,
  sampleAction,
  sampleAttempt,
  sampleAudit,
  sampleJob,
  sampleMeta,
  sampleRun,
  sampleSlot,
  sampleSpec,
  sampleTrash,
} from './sample-rows.ts'
export {
  type RuleOutcome,
  runStoreRules,
  type StoreSuiteOptions,
  storeRules,
  storeSuite,
} from './store-suite.ts'
export { type BreakStore, type BrokenStore, wrapStore } from './wrap-store.ts'
