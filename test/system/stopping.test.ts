import { requireSshd, until } from '@tron/testkit'
import { describe, expect, it } from 'vitest'
import { type Api, apiOf, openSite, type Site, start, untilOver } from './site.ts'

/** A child that TERM does not end, in a session of its own, and holds none of the command's output. */
const CHILD = `trap "" TERM; while :; do sleep 1; done`

const JOBS = `
stubborn:
  node: n1
  schedule: cron 0 0 1 1 *
  actions:
    first: {command: 'setsid sh -c ''${CHILD}'' </dev/null >/dev/null 2>&1 & echo up; exec sleep 1000'}
leaving:
  node: n1
  schedule: cron 0 0 1 1 *
  actions:
    first: {command: 'sleep 1000 & echo left'}
`

/** How many processes carry the mark of an attempt. */
async function processesOf(site: Site, attempt: string): Promise<number> {
  const found = await site.sshd.inside(`grep -lsF 'TRON_ATTEMPT=${attempt}.' /proc/[0-9]*/environ | wc -l`)
  return Number(found.stdout)
}

async function attemptOf(api: Api, job: string, run: number) {
  return (await api.action(job, run, 'first')).attempts[0]
}

describe.skipIf(!requireSshd())('a stop', () => {
  it('is over when no process is left, also where trond is killed after the command ended and before its child did', async () => {
    await using site = await openSite(JOBS)
    const job = 'MASTER.stubborn'
    const victim = await site.daemon()
    const run = await start(apiOf(victim), job)
    const attempt = await until('the command and its child run', async () => {
      const action = await apiOf(victim).action(job, run, 'first')
      return action.stdout?.includes('up') === true ? action.attempts[0] : null
    })
    await until('both carry the mark', async () => (await processesOf(site, attempt.id)) >= 2)
    await apiOf(victim).post(`/api/jobs/${job}/${run}`, { command: 'stop' })
    await until(
      'the command has ended',
      async () => (await attemptOf(apiOf(victim), job, run))?.phase === 'ended',
    )
    expect((await apiOf(victim).run(job, run)).state).toBe('running')
    victim.kill('SIGKILL')
    await victim.exited
    expect(await processesOf(site, attempt.id)).toBeGreaterThan(0)
    await using daemon = await site.daemon()
    const over = await untilOver(apiOf(daemon), { job, number: run })
    expect(await processesOf(site, attempt.id)).toBe(0)
    expect(over.state).toBe('failed')
    expect(await apiOf(daemon).action(job, run, 'first')).toMatchObject({
      exit_status: 143,
      attempts: [{ stopped: { survivors: [] } }],
    })
  }, 120_000)

  it('ends what a command left running, when the run itself is long over', async () => {
    await using site = await openSite(JOBS)
    const job = 'MASTER.leaving'
    await using daemon = await site.daemon()
    const api = apiOf(daemon)
    const run = await start(api, job)
    await untilOver(api, { job, number: run })
    const attempt = await until('it is released', async () => {
      const known = await attemptOf(api, job, run)
      return known?.released === true ? known : null
    })
    expect(attempt.left_running).toBe(1)
    expect(await processesOf(site, attempt.id)).toBe(1)
    const path = `/api/jobs/${job}/${run}/first`
    expect(await api.post(path, { command: 'kill' })).toMatchObject({ status: 200 })
    await until('it is told', async () => (await attemptOf(api, job, run))?.left_running === 0)
    expect(await processesOf(site, attempt.id)).toBe(0)
    expect((await api.run(job, run)).state).toBe('succeeded')
    expect(await api.post(path, { command: 'kill' })).toMatchObject({ status: 409 })
  }, 120_000)
})
