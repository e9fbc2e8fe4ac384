import { join } from 'node:path'
import type { Executor, ExecutorModule, StartRequest } from '@tron/executor'
import { suiteFence } from '@tron/executor/testing'
import { attemptIdOf } from '@tron/model'
import { checkOptions, listPlugins, loadModule } from '@tron/plugins'
import { openNamespace, requireNamespaces, runChild } from '@tron/testkit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDemoExecutor, DEMO_TARGET } from './demo-executor.ts'
import { createPluginWorkshop, type PluginWorkshop } from './plugin-workshop.ts'

let workshop: PluginWorkshop
let module: ExecutorModule

beforeAll(async () => {
  workshop = await createPluginWorkshop({
    example: 'executor-demo',
    name: 'tron-executor-demo',
    contract: 'executor',
  })
  module = await loadModule({
    kind: 'executor',
    name: 'demo',
    module: 'tron-executor-demo',
    from: workshop.from,
  })
}, 240_000)
afterAll(() => workshop[Symbol.asyncDispose]())

async function textOf(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = []
  for await (const chunk of chunks) parts.push(chunk)
  return new TextDecoder().decode(Buffer.concat(parts))
}

/** Starts a command; answers what was told of it until its output was final. */
async function runToItsEnd(executor: Executor, command: string) {
  await executor.setTargets([DEMO_TARGET])
  const startKey = 'demo.hello/r1/0/greet/0'
  const id = attemptIdOf(suiteFence().installation, startKey)
  const { target } = DEMO_TARGET
  const request: StartRequest = {
    id,
    startKey,
    runNumber: 1,
    configHash: 'x',
    target,
    command,
    env: { WHO: 'a third party' },
    spec: null,
  }
  const signal = AbortSignal.timeout(15_000)
  expect(await executor.start([request], { signal })).toEqual([{ id, result: 'accepted' }])
  const kinds: string[] = []
  for await (const batch of executor.events({}, { signal })) {
    kinds.push(
      ...batch.events.map((event) => (event.kind === 'exit' ? JSON.stringify(event.outcome) : event.kind)),
    )
    if (kinds.includes('closed')) break
  }
  return { id, kinds, signal }
}

/** Plays all rules where no other process can be met: some of them stop and kill. */
async function playRules(): Promise<unknown> {
  await using namespace = await openNamespace()
  const program = [join(import.meta.dirname, 'demo-rules.ts'), workshop.from]
  const node = [process.execPath, '--conditions=@tron/source', ...program]
  const { stdout, stderr } = await runChild(namespace.enter(node))
  expect(stderr).toBe('')
  return JSON.parse(stdout)
}

describe('an executor of a third party, installed beside the daemon', () => {
  it('is found by its name and listed with its version', async () => {
    expect(module).toMatchObject({ apiVersion: 1, name: 'demo' })
    expect(await listPlugins(workshop.from)).toContainEqual({
      package: 'tron-executor-demo',
      version: '0.1.0',
      description:
        'A small executor for Tron, as a third party would write one: runs commands as children of the daemon.',
    })
  })

  it('runs an action to its end', async () => {
    await using executor = await createDemoExecutor(workshop.from)
    const { id, kinds, signal } = await runToItsEnd(executor, 'echo "hello from $WHO"; exit 3')
    expect(kinds).toEqual(['target', 'started', '{"type":"exited","code":3}', 'closed'])
    const { target } = DEMO_TARGET
    expect(await textOf(executor.read({ id, target }, 'stdout', 0, { signal }))).toBe(
      'hello from a third party\n',
    )
  })

  it('tells how an action ended whose output was removed', async () => {
    await using executor = await createDemoExecutor(workshop.from)
    const { kinds } = await runToItsEnd(executor, 'rm -r "$(dirname "$(readlink /proc/$$/fd/1)")"')
    expect(kinds).toEqual(['target', 'started', '{"type":"exited","code":0}', 'closed'])
  })

  it.skipIf(!requireNamespaces())(
    'breaks no rule of those that its capabilities let it be tried by',
    async () => {
      expect(await playRules()).toEqual({ broken: [], kept: 24, skipped: 38 })
    },
    240_000,
  )

  it('is refused options that its schema does not know', async () => {
    await expect(checkOptions(module, { shel: [] }, 'executors.demo.options')).rejects.toMatchObject({
      code: 'SETTINGS',
      message: 'executors.demo.options.shel: no such option',
    })
  })

  it('was written against types that fit it', async () => {
    expect(await workshop.types()).toBe('')
  }, 60_000)
})

describe('the packages that hold the contract, packed', () => {
  it('work under a plain Node, without a condition of ours', async () => {
    const text = `
      import { EXECUTOR_API } from '@tron/executor'
      import { attemptIdOf, TronError } from '@tron/model'
      import { createManualClock } from '@tron/model/testing'
      import { Temporal } from '@tron/model/temporal'
      console.log(EXECUTOR_API, attemptIdOf('i', 'k').length, new TronError('PLUGIN', 'm').hint.length > 0,
        createManualClock(5).nowMs(), Temporal.Instant.fromEpochMilliseconds(0).toString())`
    expect(await workshop.node(text)).toBe('1 26 true 5 1970-01-01T00:00:00Z\n')
  })
})
