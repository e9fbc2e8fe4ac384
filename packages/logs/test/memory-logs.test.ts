import { createMemoryLogs, logsSuite } from '@tron/logs/testing'

logsSuite('the reference in memory', {
  create: async () => ({
    outlives: false,
    open: async () => createMemoryLogs(),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }),
})
