import { runExecutorRules, shellCommands, shellMarks } from '@tron/executor/testing'
import { temporaryFolder } from '@tron/testkit'
import { createDemoExecutor, DEMO_TARGET } from './demo-executor.ts'

// Plays the rules of the contract on the demo below the working directory that the argument names, and prints what came of it as JSON. The test
// starts it in a process namespace of its own.

const from = process.argv[2] ?? ''
const results = await runExecutorRules({
  create: async () => {
    const folder = await temporaryFolder()
    return {
      target: DEMO_TARGET,
      commands: shellCommands(folder.path),
      open: (fence) => createDemoExecutor(from, fence),
      marks: (mark) => shellMarks(folder.path, mark),
      [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
    }
  },
})
const count = (wanted: string) => results.filter(({ result }) => result === wanted).length
const broken = results.filter(({ result }) => result === 'broken')
process.stdout.write(JSON.stringify({ broken, kept: count('kept'), skipped: count('skipped') }))
