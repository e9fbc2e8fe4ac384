import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { ExecutorHost } from '@tron/executor'
import {
  type ExecutorFixture,
  executorRules,
  runExecutorRules,
  shellCommands,
  shellMarks,
  suiteFence,
} from '@tron/executor/testing'
import { executor } from '@tron/executor-local'
import { createMemoryLogger, createSeededRandom } from '@tron/model/testing'
import { realClock, temporaryFolder } from '@tron/testkit'

// Plays the rules of the contract, or those named by arguments, and prints what came of each as a line of JSON. The test starts it in a process namespace of its own.

async function createFixture(): Promise<ExecutorFixture> {
  const folder = await temporaryFolder()
  const commands = join(folder.path, 'commands')
  await mkdir(commands)
  return {
    target: {
      target: { executor: 'local', node: 'here', address: '' },
      settings: { spoolRoot: join(folder.path, 'spool'), connectTimeoutMs: 10_000, shell: 'login' },
    },
    deadlineMs: 30_000,
    commands: shellCommands(commands),
    open(fence) {
      const host: ExecutorHost = {
        name: 'local',
        log: createMemoryLogger(),
        clock: realClock,
        random: createSeededRandom(performance.now()),
        fence: suiteFence(fence),
        secret: () => Promise.reject(new Error('these tests have no secrets')),
      }
      return executor.create({}, host)
    },
    marks: (mark) => shellMarks(commands, mark),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  }
}

const only = process.argv.slice(2)
const names = executorRules.map(({ name }) => name).filter((name) => only.length === 0 || only.includes(name))
for (const name of names) {
  for (const result of await runExecutorRules({ create: createFixture, only: [name] })) {
    process.stdout.write(`${JSON.stringify(result)}\n`)
  }
}
