import { setImmediate } from 'node:timers/promises'
import { apiJobList } from '@tron/api'
import { sampleJob, sampleJobView } from '@tron/http/testing'
import { expect, it } from 'vitest'
import { setUp } from './app-under-test.ts'

it('lets others have their turn while it makes a list of thousands', async () => {
  const { get, tron } = setUp()
  for (let index = 0; index < 3_000; index += 1) tron.setJob(sampleJobView(sampleJob(`MASTER.job${index}`)))
  const done = new AbortController()
  const turns = countTurns(done.signal)
  const { body } = await get('/api/jobs')
  done.abort()
  expect(apiJobList.parse(body).jobs).toHaveLength(3_000)
  expect(await turns).toBeGreaterThanOrEqual(10)
})

/** How often the process has time for something else until the signal. */
async function countTurns(signal: AbortSignal): Promise<number> {
  let turns = 0
  while (!signal.aborted) {
    await setImmediate()
    turns += 1
  }
  return turns
}
