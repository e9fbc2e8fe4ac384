export {
  type BrokenExecutor,
  breakFixture,
  changeEvents,
  replace,
  type Spoil,
  type SpoilContext,
} from './broken/broken-executor.ts'
export { brokenExecutors } from './broken/broken-executors.ts'
export type { ExecutorFixture, SuiteCommands } from './executor-fixture.ts'
export { patternBytes, suiteFence } from './executor-fixture.ts'
export type { ExecutorRule } from './executor-rule.ts'
export {
  executorRules,
  executorSuite,
  type RuleResult,
  runExecutorRules,
  type SuiteOptions,
} from './executor-suite.ts'
export {
  createFakeCluster,
  type FakeCluster,
  type FakeClusterOptions,
  type FakeDisk,
} from './fake/cluster.ts'
export { createFakeExecutor, fakeExecutorModule } from './fake/executor.ts'
export { createFakeFixture } from './fake/fixture.ts'
export type { FakeClaim, FakeLaunch } from './fake/node.ts'
export type { FakeRun, FakeScript } from './fake/run.ts'
export { shellCommands, shellMarks } from './shell-commands.ts'
