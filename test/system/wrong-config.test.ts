import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { requireSshd, runDaemon } from '@tron/testkit'
import { describe, expect, it } from 'vitest'
import { tronfig } from './command-line.ts'
import { apiOf, openSite } from './site.ts'

const GOOD = `
fine:
  node: n1
  schedule: cron 0 0 1 1 *
  actions: {first: {command: echo fine}}
`

/** What a line of the good configuration becomes, and what the message must say about it. */
interface Mistake {
  readonly what: string
  /** What a piece of the good configuration becomes. */
  readonly from: string
  readonly to: string
  /** What the message must say about it. */
  readonly says: RegExp
}

const MISTAKES: readonly Mistake[] = [
  { what: 'an unknown key', from: 'node: n1', to: 'nod: n1', says: /:\d+:\d+: [^\n]*nod/ },
  { what: 'a missing node', from: 'node: n1', to: 'node: n7', says: /:\d+:\d+: [^\n]*n7/ },
  {
    what: 'a cycle',
    from: '{first: {command: echo fine}}',
    to: '{a: {command: x, requires: [b]}, b: {command: x, requires: [a]}}',
    says: /:\d+:\d+: [^\n]*(a -> b|b -> a)/,
  },
  { what: 'a bad schedule', from: 'cron 0 0 1 1 *', to: 'cron 61 0 1 1 *', says: /:\d+:\d+: [^\n]*61/ },
]

describe.skipIf(!requireSshd())('a wrong configuration', () => {
  it.each(MISTAKES)(
    'with $what is refused by tronfig and at the start, and what runs stays',
    async ({ from, to, says }) => {
      await using site = await openSite(GOOD)
      const file = join(site.workingDir, 'config', 'MASTER.yaml')
      const good = await readFile(file, 'utf8')
      expect(good).toContain(from)
      const bad = good.replace(from, to)
      const upload = join(site.folder, 'MASTER.yaml')
      await writeFile(upload, bad)
      const daemon = await site.daemon()
      const refusal = await tronfig(daemon, [upload])
      expect(refusal.code).toBe(1)
      expect(refusal.stdout + refusal.stderr).toMatch(says)
      const served = await tronfig(daemon, ['-p', 'MASTER'])
      expect(served.stdout).toBe(good)
      expect((await apiOf(daemon).run('MASTER.fine', 'HEAD')).state).toBe('scheduled')
      await daemon.stop()
      await writeFile(file, bad)
      const refused = await runDaemon({ workingDir: site.workingDir })
      expect(refused.code).toBe(1)
      expect(refused.stdout + refused.stderr).toMatch(says)
    },
  )
})
