import type { Executor, ExecutorHost, Fence, TargetConfig } from '@tron/executor'
import { suiteFence } from '@tron/executor/testing'
import { createMemoryLogger, createSeededRandom } from '@tron/model/testing'
import { checkOptions, loadModule } from '@tron/plugins'
import { realClock } from '@tron/testkit'

/** This machine as a target of the demo. */
export const DEMO_TARGET: TargetConfig = {
  target: { executor: 'demo', node: 'here', address: 'localhost' },
  settings: null,
}

/** The executor that is installed below a working directory, made as the daemon makes it. */
export async function createDemoExecutor(from: string, fence: Partial<Fence> = {}): Promise<Executor> {
  const module = await loadModule({ kind: 'executor', name: 'demo', module: 'tron-executor-demo', from })
  const host: ExecutorHost = {
    name: 'demo',
    log: createMemoryLogger(),
    clock: realClock,
    random: createSeededRandom(1),
    fence: suiteFence(fence),
    secret: () => Promise.reject(new Error('there are no secrets')),
  }
  return module.create(await checkOptions(module, {}, 'executors.demo.options'), host)
}
