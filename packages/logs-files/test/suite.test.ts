import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { logsSuite } from '@tron/logs/testing'
import { logs } from '@tron/logs-files'
import { createManualClock, createMemoryLogger } from '@tron/model/testing'

logsSuite('logs-files', {
  create: async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tron-logs-'))
    const host = { clock: createManualClock(), log: createMemoryLogger() }
    return {
      outlives: true,
      open: () => logs.open({ directory: join(folder, 'output') }, host),
      [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
    }
  },
})
