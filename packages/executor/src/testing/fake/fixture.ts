import type { Clock } from '@tron/model'
import type { TargetConfig } from '../../contract.ts'
import { type ExecutorFixture, patternBytes, type SuiteCommands, suiteFence } from '../executor-fixture.ts'
import { createFakeCluster } from './cluster.ts'
import { createFakeExecutor } from './executor.ts'
import type { FakeRun, FakeScript } from './run.ts'

/** The fake as the suite drives it: the clock must move by itself. */
export function createFakeFixture(options: {
  readonly clock: Clock
  readonly deadlineMs?: number
}): ExecutorFixture {
  const { script, commands } = createScriptedCommands()
  const cluster = createFakeCluster({ clock: options.clock, run: script })
  cluster.setReachable('far', false)
  return {
    target: targetOf('near'),
    unreachable: targetOf('far'),
    commands,
    ...(options.deadlineMs === undefined ? {} : { deadlineMs: options.deadlineMs }),
    open: (fence) => Promise.resolve(createFakeExecutor(cluster, suiteFence(fence))),
    marks: (mark) =>
      Promise.resolve(cluster.ledger.filter(({ command }) => command === `mark ${mark}`).length),
    async [Symbol.asyncDispose]() {
      cluster[Symbol.dispose]()
    },
  }
}

function targetOf(node: string): TargetConfig {
  return { target: { executor: 'fake', node, address: `${node}.test` }, settings: null }
}

/** Commands that are looked up instead of run. */
function createScriptedCommands(): { readonly script: FakeScript; readonly commands: SuiteCommands } {
  const runs = new Map<string, FakeRun>()
  const add = (command: string, run: FakeRun): string => {
    runs.set(command, run)
    return command
  }
  const script: FakeScript = ({ command, env }) => {
    const [word, name] = command.split(' ')
    if (word === 'variable') return { afterMs: 1, stdout: env[name ?? ''] ?? '' }
    return runs.get(command) ?? { afterMs: 1 }
  }
  return {
    script,
    commands: {
      succeed: 'succeed',
      sleepForever: add('sleep', { afterMs: null }),
      ignoreTerm: add('ignore', { afterMs: null, ignoresTerm: true }),
      exit: (code) => add(`exit ${code}`, { afterMs: 1, code }),
      print: (text, stream) => add(`print ${stream} ${text}`, { afterMs: 1, [stream]: text }),
      printAndSleep: (text) => add(`print and sleep ${text}`, { afterMs: null, stdout: text }),
      printBytes: (length) => add(`bytes ${length}`, { afterMs: 1, stdout: patternBytes(length) }),
      printVariable: (name) => `variable ${name}`,
      leaveMark: (mark) => `mark ${mark}`,
    },
  }
}
