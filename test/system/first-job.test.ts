import { requireSshd, until } from '@tron/testkit'
import { describe, expect, it } from 'vitest'
import { tronview } from './command-line.ts'
import { apiOf, openSite } from './site.ts'

const JOBS = `
test1: &every
  node: n1
  schedule: cron * * * * *
  actions: {first: {command: echo job1 on $(hostname)}}
test2:
  node: n2
  schedule: cron * * * * *
  actions:
    first: {command: echo first}
    second: {command: echo second, requires: [first]}
test3:
  node: pool
  schedule: cron * * * * *
  actions:
    pool_action: {command: 'echo pooled; echo on {node}'}
  cleanup_action: {command: 'echo cleaned on {node}'}
`

describe.skipIf(!requireSshd())('two nodes, a pool and three jobs each minute, over sshd', () => {
  it('run every minute, show their output at once, and clean up on the node where they ran', async () => {
    await using site = await openSite(JOBS)
    await using daemon = await site.daemon()
    const api = apiOf(daemon)
    const jobs = ['MASTER.test1', 'MASTER.test2', 'MASTER.test3']
    for (const job of jobs) {
      await until(`${job} succeeded`, async () => (await api.run(job, 0)).state === 'succeeded', {
        withinMs: 100_000,
        everyMs: 250,
        explain: daemon.stderr,
      })
    }
    const pooled = await api.run('MASTER.test3', 0)
    expect(pooled.runs.map(({ node }) => node.name)).toEqual([pooled.node.name, pooled.node.name])
    const node = pooled.node.name === 'n1' ? '127.0.0.1' : '127.0.0.2'
    expect((await api.action('MASTER.test3', 0, 'cleanup')).stdout).toEqual([`cleaned on ${node}`])
    const listed = await tronview(daemon, [])
    expect(listed.code).toBe(0)
    for (const job of jobs) expect(listed.stdout).toContain(job)
    const shown = await tronview(daemon, ['MASTER.test3.0.pool_action'])
    expect(shown.stdout).toContain('pooled')
    expect(shown.stdout).toContain(`on ${node}`)
    expect((await tronview(daemon, ['MASTER.test2.0'])).stdout).toMatch(/\.second +succeeded/)
  })
})
