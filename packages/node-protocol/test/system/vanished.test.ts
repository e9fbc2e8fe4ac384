import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { canUse, SHELLS } from '../shells.ts'
import { createTestNode } from '../test-node.ts'

describe('a spool that vanishes under a live connection', () => {
  const kind = SHELLS.find(canUse)

  it.skipIf(kind === undefined)(
    'is told for what ran in it, and what comes next runs in a new one',
    async () => {
      if (kind === undefined) return
      await using node = await createTestNode(kind)
      await using scheduler = await node.open()
      const request = scheduler.request('exec sleep 1000')
      await scheduler.start([request])
      await scheduler.wait('started', request.id)
      await rm(join(node.folder, 'spool'), { recursive: true })
      const next = await scheduler.finish('echo next')
      expect((await scheduler.output(next)).toString()).toBe('next\n')
      expect(await scheduler.wait('absent', request.id)).toMatchObject({ proof: 'none' })
    },
    120_000,
  )
})
