import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { tronfig } from '../src/tronfig.ts'
import { temporaryFolder } from './cli-under-test.ts'
import { BEFORE, editing } from './editing.ts'

describe('tronfig on a terminal', () => {
  const asked = async (answers: readonly boolean[], text: string, more: readonly string[] = []) => {
    const e = await editing({ steps: [], answers, args: [] })
    const file = join(temporaryFolder(), 'reports.yaml')
    writeFileSync(file, text)
    const code = await tronfig([file, ...more, '--server', e.server], e.terminal, 'tronfig')
    return { code, text: (await e.stored())?.text, shown: e.said.shown.replaceAll(file, 'reports.yaml') }
  }

  it('shows what an upload changes, and asks', async () => {
    const diff = '--- reports as stored\n+++ reports.yaml\n@@ -1,8 +1,1 @@\n'
    const yes = await asked([true], 'jobs: {}\n')
    expect([yes.code, yes.text]).toEqual([0, 'jobs: {}\n'])
    expect(yes.shown).toContain(diff)
    const no = await asked([false], 'jobs: {}\n')
    expect([no.code, no.text]).toEqual([1, BEFORE])
    expect(no.shown).toMatch(/Upload this as reports\? \[n\]\nNothing was uploaded\.\n$/)
  })

  it('does not ask about what is refused, the same, or meant', async () => {
    expect(await asked([], 'wrong\n')).toEqual({
      code: 1,
      text: BEFORE,
      shown: 'reports.yaml:1:1: "wrong" is not accepted [jobs]\n  wrong\n  ^\n',
    })
    expect(await asked([], BEFORE)).toMatchObject({
      code: 0,
      shown: 'reports is the same already; nothing was uploaded.\n',
    })
    expect(await asked([], 'jobs: {}\n', ['--yes'])).toMatchObject({ code: 0, text: 'jobs: {}\n' })
  })

  it('shows what was changed meanwhile, and asks again', async () => {
    const e = await editing({ steps: [] })
    const file = join(temporaryFolder(), 'reports.yaml')
    writeFileSync(file, 'jobs: mine\n')
    let asking = 0
    const confirm = async () => {
      asking += 1
      if (asking === 1) await e.change('jobs: theirs\n')
      return true
    }
    expect(await tronfig([file, '--server', e.server], { ...e.terminal, confirm }, 'tronfig')).toBe(0)
    expect([asking, (await e.stored())?.text]).toEqual([2, 'jobs: mine\n'])
    expect(e.shown()).toContain('+++ reports now')
    expect(e.shown()).toContain('-jobs: theirs\n+jobs: mine\n')
  })

  it('asks before it deletes', async () => {
    const no = await editing({ steps: [], args: ['-d', 'reports'] })
    expect(await no.run()).toBe(1)
    expect(no.shown()).toBe(
      'This will delete namespace reports and all its jobs (it has none). Proceed? [n]\nNothing was done.\n',
    )
    const yes = await editing({ steps: [], args: ['-d', 'reports'], answers: [true] })
    expect([await yes.run(), await yes.stored()]).toEqual([0, undefined])
  })
})
