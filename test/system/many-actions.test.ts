import { requireSshd, until } from '@tron/testkit'
import { describe, expect, it } from 'vitest'
import { apiOf, openSite, start, untilOver } from './site.ts'

const actions = (count: number, command: string) =>
  Array.from({ length: count }, (_, index) => `    a${index}: {command: '${command}'}`).join('\n')

const JOBS = `
quick:
  node: n1
  schedule: cron 0 0 1 1 *
  actions:
${actions(200, 'true')}
gated:
  node: n1
  schedule: cron 0 0 1 1 *
  actions:
${actions(1000, 'true <$HOME/gate')}
`

describe.skipIf(!requireSshd())('many actions of one job on one node with MaxSessions 10', () => {
  it('200 that end at once all succeed, on one connection for each node', async () => {
    await using site = await openSite(JOBS, { maxSessions: 10 })
    await using daemon = await site.daemon()
    const api = apiOf(daemon)
    const job = 'MASTER.quick'
    await untilOver(api, { job, number: await start(api, job) })
    const run = await untilOver(api, { job, number: await start(api, job) })
    expect(new Set(run.runs.map(({ state }) => state))).toEqual(new Set(['succeeded']))
    expect(await site.sshd.clientCount()).toBe(2)
    expect(site.sshd.log().match(/Accepted publickey/g)).toHaveLength(2)
  })

  it('1,000 that go on until they are let go all run at the same time, and all succeed', async () => {
    await using site = await openSite(JOBS, { maxSessions: 10 })
    // Opening it for reading waits, without a process of its own, until somebody opens it for writing.
    expect(await site.sshd.inside('mkfifo "$HOME/gate"')).toMatchObject({ code: 0 })
    await using daemon = await site.daemon()
    const api = apiOf(daemon)
    const job = 'MASTER.gated'
    const number = await start(api, job)
    const run = () => api.run(job, number)
    await until(
      'all 1,000 run at the same time',
      async () => (await run()).runs.every(({ state }) => state === 'running'),
      { withinMs: 120_000, everyMs: 1_000, explain: daemon.stdout },
    )
    await site.sshd.inside('true >"$HOME/gate"')
    const over = await untilOver(api, { job, number }, 120_000)
    expect(over.state).toBe('succeeded')
  }, 300_000)
})
