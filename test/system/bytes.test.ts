import { createHash } from 'node:crypto'
import { requireSshd, until } from '@tron/testkit'
import { describe, expect, it } from 'vitest'
import { apiOf, logBytes, openSite, start, untilOver } from './site.ts'

const MEGABYTES = 10

const JOBS = `
words:
  node: n1
  schedule: cron 0 0 1 1 *
  actions:
    said: {command: "echo 'héllo 日本語 🚀'"}
    environment: {command: 'echo "$GREETING"', env: {GREETING: 'grüß Gott 日本 🎌'}}
    truncating: {command: 'echo one; echo two >/dev/stdout; echo three'}
    teed: {command: 'echo one >&2; echo two | tee /dev/stderr; echo three >&2'}
    bash: {command: '[[ a == a ]] && echo matched'}
random:
  node: n1
  schedule: cron 0 0 1 1 *
  actions:
    bytes: {command: 'head -c ${MEGABYTES}m /dev/urandom | tee $HOME/random'}
`

describe.skipIf(!requireSshd())('what a command writes comes back unchanged', () => {
  it('in any language, from the environment, and where it opens its own output', async () => {
    await using site = await openSite(JOBS)
    await using daemon = await site.daemon()
    const api = apiOf(daemon)
    const run = await start(api, 'MASTER.words')
    expect((await untilOver(api, { job: 'MASTER.words', number: run })).state).toBe('succeeded')
    const said = async (action: string) => (await api.action('MASTER.words', run, action)).stdout
    expect(await said('said')).toEqual(['héllo 日本語 🚀'])
    expect(await said('environment')).toEqual(['grüß Gott 日本 🎌'])
    expect(await said('truncating')).toEqual(['one', 'two', 'three'])
    expect(await said('teed')).toEqual(['two'])
    expect((await api.action('MASTER.words', run, 'teed')).stderr).toEqual(['one', 'two', 'three'])
    expect(await said('bash')).toEqual(['matched'])
  })

  it(`also ${MEGABYTES} MB of random bytes`, async () => {
    await using site = await openSite(JOBS)
    await using daemon = await site.daemon()
    const api = apiOf(daemon)
    const run = await start(api, 'MASTER.random')
    await untilOver(api, { job: 'MASTER.random', number: run })
    const sent = await site.sshd.inside('sha256sum <$HOME/random')
    const log = { job: 'random', run, action: 'bytes' }
    const size = MEGABYTES * 1024 * 1024
    await until('the log is complete', async () => (await logBytes(site, log)).length >= size, {
      withinMs: 30_000,
    })
    const digest = createHash('sha256')
      .update(await logBytes(site, log))
      .digest('hex')
    expect(sent.stdout.split(' ')[0]).toBe(digest)
  })
})
