import { cp, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Daemon, requireSshd, until } from '@tron/testkit'
import { describe, expect, it } from 'vitest'
import { tron, tronctl, tronview } from './command-line.ts'
import { type Api, apiOf, homeLines, openSite, type Site, start, untilOver } from './site.ts'

const JOBS = `
minutely:
  node: n1
  schedule: cron * * * * *
  actions: {first: {command: 'echo {runid} $TRON_ATTEMPT >>$HOME/ran; echo output of {runid}'}}
by_hand:
  node: n2
  schedule: cron 0 0 1 1 *
  actions: {first: {command: 'echo {runid} $TRON_ATTEMPT >>$HOME/ran; echo output of {runid}'}}
`

/** Some runs by hand, and the next minute of the schedule. */
async function work(api: Api): Promise<void> {
  const { run_num: pending } = await api.run('MASTER.minutely', 'HEAD')
  for (let count = 0; count < 3; count += 1) {
    await untilOver(api, { job: 'MASTER.by_hand', number: await start(api, 'MASTER.by_hand') })
  }
  await untilOver(api, { job: 'MASTER.minutely', number: pending }, 90_000)
}

async function untilReleased(api: Api, job: string, which: number): Promise<void> {
  await until(`run ${which} of ${job} was released`, async () => {
    const run = await api.run(job, which)
    return run.runs.every(({ attempts }) => attempts.every(({ released }) => released))
  })
}

/** Gives n2 another address in the configuration of the working directory. */
async function readdress(site: Site, from: string, to: string): Promise<void> {
  const file = join(site.workingDir, 'config', 'MASTER.yaml')
  const text = await readFile(file, 'utf8')
  await writeFile(file, text.replace(`n2: {hostname: ${from},`, `n2: {hostname: ${to},`))
}

/** Works, keeps a copy of the directory, and works on. */
async function divided(site: Site): Promise<string> {
  const before = await site.daemon()
  await untilOver(apiOf(before), {
    job: 'MASTER.by_hand',
    number: await start(apiOf(before), 'MASTER.by_hand'),
  })
  await before.stop()
  const copy = join(site.folder, 'copy')
  await cp(site.workingDir, copy, { recursive: true })
  return copy
}

const attemptsIn = (lines: readonly string[]) => lines.map((line) => line.split(' ')[1])

describe.skipIf(!requireSshd())('an older copy of the working directory', () => {
  it('refuses to act, three times over, and takes over when told to without repeating a command or a number', async () => {
    await using site = await openSite(JOBS)
    const copy = await divided(site)
    const between = await site.daemon()
    await work(apiOf(between))
    await untilReleased(apiOf(between), 'MASTER.by_hand', 3)
    await between.stop()
    const ranBefore = await homeLines(site, 'ran')
    await rename(site.workingDir, `${site.workingDir}.newer`)
    await rename(copy, site.workingDir)

    for (let time = 0; time < 3; time += 1) {
      await using refused = await site.daemon()
      const status = await apiOf(refused).status()
      expect(status.state).toBe('fenced')
      expect(status.reason).toContain('--take-over')
      const answer = await apiOf(refused).post('/api/jobs/MASTER.by_hand', { command: 'start' })
      expect(answer.status).toBe(503)
      expect((await tronview(refused, [])).stdout).toContain('MASTER.by_hand')
    }
    expect(await homeLines(site, 'ran')).toEqual(ranBefore)

    await using taken = await site.daemon({ args: ['--take-over'] })
    const api = apiOf(taken)
    await until('it works', async () => (await api.status()).state === 'working')
    const known = new Set((await api.runs('MASTER.by_hand')).map(({ run_num }) => run_num))
    expect([...known]).toEqual(expect.arrayContaining([1, 2, 3, 4]))
    const gone = await api.action('MASTER.by_hand', 2, 'first')
    expect(gone.attempts[0]?.note).toContain('before the take-over')
    const next = await start(api, 'MASTER.by_hand')
    expect(next).toBeGreaterThan(100)
    await untilOver(api, { job: 'MASTER.by_hand', number: next })
    const ran = attemptsIn(await homeLines(site, 'ran'))
    expect(new Set(ran).size).toBe(ran.length)
  }, 300_000)

  it('waits for a node that cannot be asked until somebody gives it up, and asks it should it come back', async () => {
    await using site = await openSite(JOBS)
    const copy = await divided(site)
    const between = await site.daemon()
    await untilOver(apiOf(between), {
      job: 'MASTER.by_hand',
      number: await start(apiOf(between), 'MASTER.by_hand'),
    })
    await between.stop()
    await rename(site.workingDir, `${site.workingDir}.newer`)
    await rename(copy, site.workingDir)
    // Nobody listens there.
    await readdress(site, '127.0.0.2', '127.0.0.3')

    await using taken = await site.daemon({ args: ['--take-over'] })
    const api = apiOf(taken)
    await until('n1 was asked', async () => (await api.status()).waiting_for.join() === 'n2')
    expect((await tron(taken, ['status'])).stdout).toContain('Waits for           : n2')
    const held = await tronctl(taken, ['start', 'MASTER.by_hand'])
    expect([held.code, held.stderr]).toEqual([1, expect.stringContaining('could not ask n2')])
    expect((await tronctl(taken, ['start', 'MASTER.minutely'])).code).toBe(0)
    const wrong = await tron(taken, ['recover', '--without', 'n1', '--yes'])
    expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining('only for n2')])

    const given = await tron(taken, ['recover', '--without', 'n2', '--yes', '--json'])
    expect([given.code, given.stdout]).toEqual([0, expect.stringContaining('Going on without n2')])
    expect((await api.status()).waiting_for).toEqual([])
    const refused = await untilOver(api, {
      job: 'MASTER.by_hand',
      number: await start(api, 'MASTER.by_hand'),
    })
    expect(refused.state).toBe('failed')

    await readdress(site, '127.0.0.3', '127.0.0.2')
    process.kill(taken.pid, 'SIGHUP')
    await until('what ran on n2 is known', async () =>
      (await api.runs('MASTER.by_hand')).some(({ note }) => note?.includes('found on its node') === true),
    )
    expect((await api.status()).state).toBe('working')
  }, 300_000)

  it('is kept from working while the other one works, also when it is restarted three times', async () => {
    await using site = await openSite(JOBS)
    const copy = await divided(site)
    await using first = await site.daemon()
    await untilOver(apiOf(first), {
      job: 'MASTER.by_hand',
      number: await start(apiOf(first), 'MASTER.by_hand'),
    })
    for (let time = 0; time < 3; time += 1) {
      await using second: Daemon = await site.daemon({ workingDir: copy })
      const status = await apiOf(second).status()
      expect(status.state).toBe('fenced')
      expect(status.reason).toContain(`pid ${first.pid}`)
      const refusal = await tronctl(second, ['start', 'MASTER.by_hand'])
      expect(refusal.code).toBe(1)
      expect(refusal.stderr).toContain('held by another scheduler')
    }
    const number = await start(apiOf(first), 'MASTER.by_hand')
    expect((await untilOver(apiOf(first), { job: 'MASTER.by_hand', number: number })).state).toBe('succeeded')
    expect((await apiOf(first).status()).state).toBe('working')
    const ran = attemptsIn(await homeLines(site, 'ran'))
    expect(new Set(ran).size).toBe(ran.length)
  })
})
