import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { requireSshd, until } from '@tron/testkit'
import { describe, expect, it } from 'vitest'
import { apiOf, homeLines, openSite, start, untilOver } from './site.ts'

const JOBS = `
long:
  node: n1
  schedule: cron 0 0 1 1 *
  actions: {first: {command: 'echo {runid} >>$HOME/ran; until test -e $HOME/end; do sleep 0.1; done'}}
short:
  node: n1
  schedule: cron 0 0 1 1 *
  actions: {first: {command: 'echo {runid}; exit 3'}}
`

describe.skipIf(!requireSshd())('a spool that is removed under a live connection', () => {
  it('leaves what runs running for a stated reason until it ends, and what comes next runs in a new one', async () => {
    await using site = await openSite(JOBS)
    await using daemon = await site.daemon()
    const api = apiOf(daemon)
    const long = await start(api, 'MASTER.long')
    await until('it runs', async () => (await homeLines(site, 'ran')).length === 1)
    await until(
      'it is told to run',
      async () => (await api.action('MASTER.long', long, 'first')).state === 'running',
    )
    await rm(join(site.sshd.home, '.tron-spool'), { recursive: true })
    const short = await untilOver(api, { job: 'MASTER.short', number: await start(api, 'MASTER.short') })
    expect(short.runs.map(({ state, exit_status }) => [state, exit_status])).toEqual([['failed', 3]])
    const running = await until('why its end will not be known is told', async () => {
      const action = await api.action('MASTER.long', long, 'first')
      return action.reason === null ? null : action
    })
    expect(running.state).toBe('running')
    expect(running.reason).toContain('the node lost its records, and it still runs there')
    await writeFile(join(site.sshd.home, 'end'), '')
    const over = await untilOver(api, { job: 'MASTER.long', number: long }, 90_000)
    expect(over.runs.map(({ state, reason }) => [state, reason])).toEqual([
      ['unknown', 'the node holds no trace of it: the node does not hold it'],
    ])
    expect(await homeLines(site, 'ran')).toHaveLength(1)
  })
})
