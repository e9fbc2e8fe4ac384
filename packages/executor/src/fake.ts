export {
  createFakeCluster,
  type FakeCluster,
  type FakeClusterOptions,
  type FakeDisk,
} from './testing/fake/cluster.ts'
export { createFakeExecutor, fakeExecutorModule } from './testing/fake/executor.ts'
export type { FakeClaim, FakeLaunch } from './testing/fake/node.ts'
export { bytesOf, type FakeRun, type FakeScript } from './testing/fake/run.ts'
