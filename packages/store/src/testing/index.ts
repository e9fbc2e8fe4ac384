export { brokenStores } from './broken-stores.ts'
export { RuleSkipped, type StoreFixture, type StoreRule, type SuiteFault } from './rule.ts'
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
export { type BreakStore, wrapStore } from './wrap-store.ts'
