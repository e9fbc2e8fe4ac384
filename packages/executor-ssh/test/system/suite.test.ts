import { executorSuite } from '@tron/executor/testing'
import { requireSshd, type Sshd, startSshd } from '@tron/testkit'
import { afterAll, beforeAll, describe } from 'vitest'
import { createExecutorFixture } from '../executor-fixture.ts'

describe.skipIf(!requireSshd())('over a real sshd', () => {
  let sshd: Sshd
  beforeAll(async () => {
    sshd = await startSshd()
  })
  afterAll(() => sshd.stop())

  executorSuite('executor-ssh', { create: () => createExecutorFixture(sshd) })
})
