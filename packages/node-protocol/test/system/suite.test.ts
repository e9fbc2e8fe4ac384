import { join } from 'node:path'
import { type ExecutorFixture, executorSuite, shellCommands, shellMarks } from '@tron/executor/testing'
import { describe } from 'vitest'
import { canUse, SHELLS } from '../shells.ts'
import { createTestNode } from '../test-node.ts'

const SUITED = SHELLS.filter(({ name }) => name === 'dash' || name === 'busybox with nothing else')

describe.each(SUITED)('under $name', (kind) => {
  describe.skipIf(!canUse(kind))('on a node of its own', () => {
    executorSuite('the node protocol', {
      async create(): Promise<ExecutorFixture> {
        const node = await createTestNode(kind)
        const commands = join(node.folder, 'commands')
        const { target } = node
        return {
          target,
          unreachable: { ...target, target: { ...target.target, node: 'nowhere' } },
          deadlineMs: 30_000,
          commands: shellCommands(commands),
          open: (fence) => Promise.resolve(node.openBare(fence)),
          marks: (mark) => shellMarks(commands, mark),
          [Symbol.asyncDispose]: () => node[Symbol.asyncDispose](),
        }
      },
    })
  })
})
