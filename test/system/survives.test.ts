import { createHash } from 'node:crypto'
import { requireSshd, until } from '@tron/testkit'
import { describe, expect, it } from 'vitest'
import { apiOf, homeLines, logBytes, openSite, start, untilOver } from './site.ts'

const NAMES = Array.from({ length: 20 }, (_, index) => `a${index}`)

/** What an action writes: its name over and over, in steps, so that a log is cut wherever something breaks. */
const written = (name: string) => Array.from({ length: 200 }, (_, step) => `${name} ${step}\n`).join('')

/** Some end while nobody listens, some after; each by a status of its own, leaving a line for each time that it runs. */
const JOBS = `
many:
  node: n1
  schedule: cron 0 0 1 1 *
  actions:
${NAMES.map((name, index) => {
  const seconds = index % 4
  return `    ${name}:
      command: |
        echo $TRON_ATTEMPT >>$HOME/ran
        i=0; while test $i -lt 100; do echo "${name} $i"; i=$((i + 1)); done
        sleep ${seconds}.3
        while test $i -lt 200; do echo "${name} $i"; i=$((i + 1)); done
        exit ${index % 7}`
}).join('\n')}
`

const digest = (bytes: Buffer | string) => createHash('sha256').update(bytes).digest('hex')

describe.skipIf(!requireSshd())('20 running actions', () => {
  it.each([
    ['the daemon is killed', { daemon: true, connections: false }],
    ['the connections are killed', { daemon: false, connections: true }],
    ['both are killed', { daemon: true, connections: true }],
  ])('keep every exit status and every byte when %s', async (_, kill) => {
    await using site = await openSite(JOBS)
    let daemon = await site.daemon()
    let api = apiOf(daemon)
    const number = await start(api, 'MASTER.many')
    await until('all of them run', async () => (await homeLines(site, 'ran')).length === NAMES.length)
    if (kill.daemon) {
      daemon.kill('SIGKILL')
      await daemon.exited
    }
    if (kill.connections) await site.sshd.killConnections()
    if (kill.daemon) {
      await until('some have ended meanwhile', async () => {
        const alive = await site.sshd.inside("grep -lsF 'TRON_ATTEMPT=' /proc/[0-9]*/environ | wc -l")
        return Number(alive.stdout) < NAMES.length
      })
      daemon = await site.daemon()
      api = apiOf(daemon)
    }
    await using owned = daemon
    const run = await untilOver(api, { job: 'MASTER.many', number: number })
    expect(run.runs.map(({ exit_status }) => exit_status)).toEqual(NAMES.map((__, index) => index % 7))
    expect(run.runs.map(({ state }) => state)).not.toContain('unknown')
    for (const name of NAMES) {
      await until(
        `the log of ${name} is complete`,
        async () => {
          const log = await logBytes(site, { job: 'many', run: number, action: name })
          return log.length >= written(name).length
        },
        { withinMs: 60_000, explain: () => daemon.stdout() + daemon.stderr() },
      )
      const log = await logBytes(site, { job: 'many', run: number, action: name })
      expect(digest(log)).toBe(digest(written(name)))
    }
    expect(owned.pid).toBe(daemon.pid)
    const ran = await homeLines(site, 'ran')
    expect(new Set(ran).size).toBe(NAMES.length)
    expect(ran).toHaveLength(NAMES.length)
  })
})
