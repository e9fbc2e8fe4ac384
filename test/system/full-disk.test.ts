import { requireSshd, until } from '@tron/testkit'
import { describe, expect, it } from 'vitest'
import { apiOf, openSite, start, untilOver } from './site.ts'

const COUNT = 10

/** When all of them run, each writes more than there is room for, and ends by a status of its own. */
const JOBS = `
writers:
  node: n1
  schedule: cron 0 0 1 1 *
  actions:
${Array.from(
  { length: COUNT },
  (_, index) => `    a${index}:
      command: |
        while test ! -e $HOME/go; do sleep 0.1; done
        head -c 400000 /dev/zero; sleep 1; head -c 400000 /dev/zero
        exit ${index}`,
).join('\n')}
`

describe.skipIf(!requireSshd())('a full disk on the node', () => {
  it('changes no exit status, and the loss of output is stated', async () => {
    await using site = await openSite(JOBS)
    const mounted = await site.sshd.inside(
      'mkdir -m 700 "$HOME/.tron-spool" && mount -t tmpfs -o size=2m,mode=0700 tmpfs "$HOME/.tron-spool"',
    )
    expect(mounted).toMatchObject({ code: 0 })
    await using daemon = await site.daemon()
    const api = apiOf(daemon)
    const number = await start(api, 'MASTER.writers')
    await until(
      'all of them run',
      async () => (await api.run('MASTER.writers', number)).runs.every(({ state }) => state === 'running'),
      { withinMs: 60_000 },
    )
    await site.sshd.inside('touch "$HOME/go"')
    const run = await untilOver(api, { job: 'MASTER.writers', number }, 120_000)
    expect(run.runs.map(({ exit_status }) => exit_status)).toEqual(
      Array.from({ length: COUNT }, (_, index) => index),
    )
    const notes = run.runs.map(({ attempts }) => attempts[0]?.note ?? '')
    expect(notes.some((note) => note.includes('output was lost'))).toBe(true)
  })
})
