// What README.md shows, for the compiler to check. It is compared with the page by test/fences.test.ts and never run.
import type { ExecutorHost, ExecutorModule, TargetConfig } from '@tron/executor'

declare const executor: ExecutorModule
declare const options: unknown
declare const host: ExecutorHost
declare const target: TargetConfig
declare const folder: string

import { rm } from 'node:fs/promises'
import { executorSuite, shellCommands, shellMarks, suiteFence } from '@tron/executor/testing'

executorSuite('mine', {
  create: async () => ({
    target,
    commands: shellCommands(folder),
    open: (fence) => executor.create(options, { ...host, fence: suiteFence(fence) }),
    marks: (mark) => shellMarks(folder, mark),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  }),
})
