import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { TronError } from '@tron/model'
import { describe, expect, it } from 'vitest'
import { createPaints } from '../src/color.ts'
import { edit } from '../src/fig/edit.ts'
import type { FigOptions } from '../src/fig/fig-options.ts'
import { openSession } from '../src/session.ts'
import { tronfig } from '../src/tronfig.ts'
import { BEFORE, editing, type Step } from './editing.ts'

const FIG: FigOptions = {
  source: 'reports',
  namespace: undefined,
  masterConfig: undefined,
  hash: undefined,
  maxConfigSize: 16,
  isCheck: false,
  isJson: false,
  isSure: false,
}

describe('tronfig NAMESPACE', () => {
  it('opens the namespace in an editor, shows what was changed, asks, and uploads it', async () => {
    const e = await editing({ steps: [BEFORE.replace('b: 2', 'b: 20')], answers: [true] })
    expect(await e.run()).toBe(0)
    expect(e.shown()).toBe(
      [
        'Editing reports in reports.yaml',
        '--- reports as stored',
        '+++ reports.yaml',
        '@@ -1,6 +1,6 @@',
        ' jobs:',
        '   a: 1',
        '-  b: 2',
        '+  b: 20',
        '   c: 3',
        '   d: 4',
        '   e: 5',
        'Upload this as reports? [y]',
        'Configuration uploaded successfully',
        '',
      ].join('\n'),
    )
    expect((await e.stored())?.text).toBe(BEFORE.replace('b: 2', 'b: 20'))
    expect([e.calls, e.kept()]).toEqual([['vi reports.yaml'], []])
  })

  it('uploads nothing when nothing was changed', async () => {
    const e = await editing({ steps: [BEFORE] })
    expect(await e.run()).toBe(0)
    expect(e.shown()).toBe('Editing reports in reports.yaml\nNothing was changed, so nothing was uploaded.\n')
    expect([e.tron.commands, e.kept()]).toEqual([[], []])
  })

  it('opens the editor again at the line of the first error', async () => {
    const e = await editing({
      steps: ['jobs: old\n  # wrong\n', 'jobs:\n\n  wrong\n', 'jobs: right\n'],
      answers: [true, true, true],
    })
    expect(await e.run()).toBe(0)
    expect(e.calls).toEqual(['vi reports.yaml', 'vi +2 reports.yaml', 'vi +3 reports.yaml'])
    expect(e.shown()).toContain(
      'reports.yaml:2:5: "wrong" is not accepted [jobs]\n    # wrong\n      ^\n' +
        'reports.yaml:1:7: warning: "old" is not accepted [jobs]\n  jobs: old\n        ^\nEdit again? [y]\n',
    )
    expect((await e.stored())?.text).toBe('jobs: right\n')
  })

  it.each([
    ['vim', '+3 '],
    ['/usr/bin/vim.basic -u NONE', '+3 '],
    ['nvim', '+3 '],
    ['nano -w', '+3 '],
    ['emacsclient -t', '+3 '],
    ['emacs-nox', '+3 '],
    ['code --wait', ''],
    ['ed', ''],
    ['vimacs', ''],
  ])('tells %s "%s"', async (EDITOR, words) => {
    const e = await editing({ steps: ['jobs:\n\n  wrong\n'], answers: [true], env: { EDITOR } })
    await e.run()
    expect(e.calls[1]).toBe(`${EDITOR} ${words}reports.yaml`)
  })

  it('takes $VISUAL before $EDITOR, and vi without both', async () => {
    const visual = await editing({ steps: [], env: { VISUAL: 'nano' } })
    await visual.run()
    const none = await editing({ steps: [], env: { VISUAL: '', EDITOR: ' ' } })
    await none.run()
    expect([visual.calls, none.calls]).toEqual([['nano reports.yaml'], ['vi reports.yaml']])
  })

  it.each<[string, Step, string]>([
    ['a refusal', 'jobs: wrong\n', 'Edit again? [n]'],
    [
      'an empty text',
      ' \n',
      'An empty text would delete reports; tronfig -d reports does that.\nEdit again? [n]',
    ],
    [
      'a text that is no UTF-8',
      (file) => {
        writeFileSync(file, Buffer.from([0xff]))
        return 0
      },
      'Error: reports.yaml is not UTF-8\nSave it as UTF-8.\nEdit again? [n]',
    ],
    [
      'an editor that fails',
      (file) => {
        writeFileSync(file, 'jobs: half\n')
        return 1
      },
      'The editor ended with status 1.\n',
    ],
    ['a no', 'jobs: right\n', 'Upload this as reports? [n]\nEdit again? [n]'],
  ])('keeps the text of whoever gives up after %s, and tells where', async (_what, step, says) => {
    const e = await editing({ steps: [step] })
    expect(await e.run()).toBe(1)
    expect(e.shown()).toContain(says)
    expect(e.shown()).toMatch(
      /Nothing was uploaded\. Your text is kept in reports\.yaml\nTo go on with it: tronfig -n reports reports\.yaml\n$/,
    )
    expect(e.kept()).toHaveLength(1)
    expect((await e.stored())?.text).toBe(BEFORE)
  })

  it('keeps nothing of whoever gives up without a change', async () => {
    const e = await editing({ steps: [() => 1] })
    expect([await e.run(), e.kept()]).toEqual([1, []])
    const gone = await editing({ steps: [() => 127], env: { EDITOR: 'no-such-editor' } })
    expect([await gone.run(), gone.kept()]).toEqual([1, []])
    expect(gone.shown()).toContain('Error: the editor "no-such-editor" cannot be run\nSet VISUAL or EDITOR')
  })

  it('keeps the text when the draft was deleted', async () => {
    const e = await editing({
      steps: [
        (file) => {
          rmSync(file)
          return 0
        },
        'jobs: right\n',
      ],
      answers: [true, true],
    })
    expect([await e.run(), (await e.stored())?.text]).toEqual([0, 'jobs: right\n'])
  })

  it('says that a namespace is new', async () => {
    const e = await editing({ steps: ['jobs: right\n'], args: ['-e', 'fresh'], answers: [true] })
    expect(await e.run()).toBe(0)
    expect(e.shown()).toContain(
      'There is no namespace fresh yet: uploading makes it. Editing fresh in fresh.yaml',
    )
    expect((await e.stored('fresh'))?.text).toBe('jobs: right\n')
  })

  it('shows what was changed meanwhile, and makes the changes on that', async () => {
    const theirs = BEFORE.replace('g: 7', 'g: 70')
    const mine = BEFORE.replace('a: 1', 'a: 10')
    const e = await editing({
      steps: [
        async (file) => {
          writeFileSync(file, mine)
          await e.change(theirs)
          return 0
        },
        (file) => {
          expect(readFileSync(file, 'utf8')).toBe(mine.replace('g: 7', 'g: 70'))
          return 0
        },
      ],
      answers: [true, true],
    })
    expect(await e.run()).toBe(0)
    expect(e.shown()).toContain(
      'reports was changed by somebody else meanwhile:\n--- reports before\n+++ reports now\n@@ -5,4 +5,4 @@\n' +
        '   d: 4\n   e: 5\n   f: 6\n-  g: 7\n+  g: 70\nGo on editing? [y]\nYour changes were made on what is stored now.\n',
    )
    expect((await e.stored())?.text).toBe(mine.replace('g: 7', 'g: 70'))
    expect(e.kept()).toEqual([])
  })

  it('takes another comment for a change too, though the hash is the same', async () => {
    const theirs = `# theirs\n${BEFORE}`
    const mine = BEFORE.replace('g: 7', 'g: 70')
    const e = await editing({
      steps: [mine, mine.replace('jobs', '# theirs\njobs')],
      answers: [true, true],
    })
    const session = await openSession(e.terminal, { server: e.server, verbose: 0 })
    const hash = (await session.client.config('reports')).hash
    let reads = 0
    const client: typeof session.client = {
      ...session.client,
      config: async (name) => {
        reads += 1
        if (reads === 2) await e.change(theirs)
        return { ...(await session.client.config(name)), hash }
      },
      check: async (upload) => session.client.check({ ...upload, hash: (await e.stored())?.hash ?? '' }),
      upload: async (upload) => session.client.upload({ ...upload, hash: (await e.stored())?.hash ?? '' }),
    }
    expect(await edit({ ...session, client }, FIG, createPaints(e.terminal, undefined))).toBe(0)
    expect((await e.stored())?.text).toBe(theirs.replace('g: 7', 'g: 70'))
  })

  it('leaves it to the person when both changed the same lines', async () => {
    const theirs = BEFORE.replace('a: 1', 'a: 11')
    const mine = BEFORE.replace('a: 1', 'a: 10')
    const e = await editing({
      steps: [
        async (file) => {
          writeFileSync(file, mine)
          await e.change(theirs)
          return 0
        },
      ],
      answers: [true, false, false],
    })
    expect(await e.run()).toBe(1)
    expect(e.shown()).toContain(
      'Both changed the same lines. The editor has your text; what is stored now is in reports.stored.yaml\n',
    )
    expect(e.shown()).toContain('-  a: 11\n+  a: 10\n')
    expect(e.kept()).toEqual([
      ['reports.stored.yaml', theirs],
      ['reports.yaml', mine],
    ])
    expect((await e.stored())?.text).toBe(theirs)
  })

  it('takes a change between the question and the upload for one meanwhile', async () => {
    const e = await editing({ steps: ['jobs: mine\n'] })
    const { terminal } = e
    const answers = [
      async () => {
        await e.change('jobs: theirs\n')
        return true
      },
      async () => Promise.resolve(false),
    ]
    const asking = { ...terminal, confirm: async () => (await answers.shift()?.()) ?? false }
    expect(await tronfig(['reports', '--server', e.server], asking, 'tronfig')).toBe(1)
    expect((await e.stored())?.text).toBe('jobs: theirs\n')
    expect(e.kept()).toEqual([['reports.yaml', 'jobs: mine\n']])
  })

  it('keeps the text while the server is away, and goes on when it is back', async () => {
    const e = await editing({ steps: ['jobs: mine\n'], answers: [true, true] })
    const session = await openSession(e.terminal, { server: e.server, verbose: 0 })
    const away = new TronError('UNREACHABLE', 'it is away', { hint: 'Wait.' })
    let calls = 0
    const client: typeof session.client = {
      ...session.client,
      check: async (upload) => {
        calls += 1
        return calls === 1 ? Promise.reject(away) : session.client.check(upload)
      },
    }
    const paint = createPaints(e.terminal, undefined)
    expect(await edit({ ...session, client }, FIG, paint)).toBe(0)
    expect(e.shown()).toContain('Error: it is away\nWait.\nTry again? [y]\n--- reports as stored')
    expect((await e.stored())?.text).toBe('jobs: mine\n')
  })

  it('knows an upload whose answer was lost', async () => {
    const e = await editing({ steps: ['jobs: mine\n'], answers: [true, true] })
    const session = await openSession(e.terminal, { server: e.server, verbose: 0 })
    const client: typeof session.client = {
      ...session.client,
      upload: async (upload) => {
        await session.client.upload(upload)
        throw new TronError('UNREACHABLE', 'the answer was lost')
      },
    }
    const paint = createPaints(e.terminal, undefined)
    expect(await edit({ ...session, client }, FIG, paint)).toBe(0)
    expect(e.shown()).toMatch(/Try again\? \[y\]\nConfiguration uploaded successfully\n$/)
    expect(e.kept()).toEqual([])
  })

  it('says where the text is when it cannot go on at all', async () => {
    const e = await editing({
      steps: [
        () => {
          throw new Error('the terminal is gone')
        },
      ],
    })
    await expect(e.run()).rejects.toThrow('the terminal is gone')
    expect(e.shown()).toMatch(/Your text is kept in reports\.yaml\n$/)
  })

  it('with --yes asks nothing', async () => {
    const good = await editing({ steps: ['jobs: right\n'], args: ['reports', '--yes'] })
    expect([await good.run(), good.shown()]).toEqual([
      0,
      'Editing reports in reports.yaml\nConfiguration uploaded successfully\n',
    ])
    const bad = await editing({ steps: ['jobs: wrong\n'], args: ['reports', '--yes'] })
    expect([await bad.run(), bad.shown().includes('?')]).toEqual([1, false])
  })

  it('without a terminal edits only with -e', async () => {
    const plain = await editing({ steps: [], canAsk: false })
    await expect(plain.run()).rejects.toThrow(
      'there is no file reports, and nobody to edit the namespace reports',
    )
    const edits = await editing({ steps: ['jobs: right\n'], canAsk: false, args: ['-e', 'reports'] })
    expect([await edits.run(), (await edits.stored())?.text]).toEqual([0, 'jobs: right\n'])
  })
})
