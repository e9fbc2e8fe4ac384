import { setTimeout as pause } from 'node:timers/promises'
import { createSeededRandom } from '@tron/model/testing'
import { httpJson, requireSshd } from '@tron/testkit'
import { describe, expect, it } from 'vitest'
import { apiOf, homeLines, openSite, start, untilOver } from './site.ts'

const ROUNDS = 40
const ACTIONS = 20
/** After the request was sent, so that the kill meets every instant between nothing and everything. */
const WINDOW_MS = 400

const JOBS = `
many:
  node: n1
  schedule: cron 0 0 1 1 *
  run_limit: 100
  actions:
${Array.from({ length: ACTIONS }, (_, index) => `    a${index}: {command: "echo {runid} a${index} >>$HOME/ran"}`).join('\n')}
`

describe.skipIf(!requireSshd())('a start whose daemon is killed at a random instant', () => {
  it(`is done exactly once when it is asked again, ${ROUNDS} times over`, async () => {
    const seed = process.pid
    const random = createSeededRandom(seed)
    await using site = await openSite(JOBS)
    for (let round = 0; round < ROUNDS; round += 1) {
      const request = `round-${round}`
      const waitMs = Math.floor(random.next() * WINDOW_MS)
      const victim = await site.daemon()
      const asked = httpJson(`${victim.url}/api/jobs/MASTER.many`, {
        method: 'POST',
        form: { command: 'start' },
        headers: { 'Idempotency-Key': request },
      }).catch(() => undefined)
      // The kill must come after a time and not after an event: which events it meets is what the rounds explore.
      await pause(waitMs)
      victim.kill('SIGKILL')
      await Promise.all([victim.exited, asked])
      await using daemon = await site.daemon()
      const api = apiOf(daemon)
      const number = await start(api, 'MASTER.many', request)
      const run = await untilOver(api, { job: 'MASTER.many', number: number })
      const where = `seed ${seed}, round ${round}, killed after ${waitMs} ms`
      expect([run.state, where]).toEqual(['succeeded', where])
      expect(await start(api, 'MASTER.many', request)).toBe(number)
      const lines = (await homeLines(site, 'ran')).filter((line) => line.startsWith(`${run.id} `))
      expect([lines.toSorted(), where]).toEqual([
        Array.from({ length: ACTIONS }, (_, index) => `${run.id} a${index}`).toSorted(),
        where,
      ])
    }
    expect(await homeLines(site, 'ran')).toHaveLength(ROUNDS * ACTIONS)
  }, 600_000)
})
