import { symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { contentHash } from '@tron/model'
import { describe, expect, it } from 'vitest'
import { readSource } from '../src/fig/source.ts'
import { setUp, temporaryFolder } from './cli-under-test.ts'
import { createFakeTerminal } from './fake-terminal.ts'

const master = 'nodes: [b1]\njobs: {}\n'
const job =
  'jobs:\n  hourly:\n    node: b1\n    schedule: "cron 0 * * * *"\n    actions:\n      work:\n        command: "echo héllo 日本語"\n'

function write(folder: string, files: Readonly<Record<string, string>>) {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
}

function like(message: RegExp): unknown {
  return expect.stringMatching(message)
}

describe('tronfig with a server', () => {
  it('prints the stored text as it is', async () => {
    const { at } = await setUp({ configs: { MASTER: master, reports: job } })
    expect([
      await at('tronfig', ['-p']),
      await at('tronfig', ['-p', 'reports']),
      await at('tronfig', ['-p', '-n', 'reports', '--json']),
    ]).toEqual([
      { code: 0, stdout: master, stderr: '' },
      { code: 0, stdout: job, stderr: '' },
      { code: 0, stdout: `${JSON.stringify({ config: job, hash: contentHash(job) })}\n`, stderr: '' },
    ])
  })

  it('uploads a file as the namespace of its name', async () => {
    const { at, home, tron } = await setUp()
    write(home, { 'reports.yaml': job })
    expect(await at('tronfig', [join(home, 'reports.yaml')])).toEqual({
      code: 0,
      stdout: '',
      stderr: 'Configuration uploaded successfully\n',
    })
    expect((await tron.config.texts()).get('reports')?.text).toBe(job)
  })

  it('uploads standard input as MASTER', async () => {
    const { at, tron } = await setUp()
    const { code } = await at('tronfig', ['-'], { input: `${master}# old\n` })
    expect([code, (await tron.config.texts()).get('MASTER')?.text]).toEqual([0, `${master}# old\n`])
  })

  it('only checks with -C', async () => {
    const { at, tron } = await setUp({ configs: { MASTER: master } })
    expect(await at('tronfig', ['-C', '-n', 'MASTER', '-'], { input: 'jobs: {}\n# old\n' })).toEqual({
      code: 0,
      stdout: '',
      stderr:
        '<stdin>:2:3: warning: "old" is not accepted [jobs]\n  # old\n    ^\nConfiguration is valid; nothing was changed\n',
    })
    expect((await tron.config.texts()).get('MASTER')?.text).toBe(master)
  })

  it('tells file, line and column of what is wrong, and leaves the stored text', async () => {
    const { at, home, tron } = await setUp({ configs: { MASTER: master } })
    const file = join(home, 'edited.yaml')
    write(home, { 'edited.yaml': 'jobs:\n  wrong\n' })
    const problem = { severity: 'error', file, line: 2, column: 3, path: 'jobs' }
    expect([
      await at('tronfig', ['-n', 'MASTER', file]),
      await at('tronfig', ['-n', 'MASTER', '-C', '--json', file]),
    ]).toEqual([
      { code: 1, stdout: '', stderr: `${file}:2:3: "wrong" is not accepted [jobs]\n    wrong\n    ^\n` },
      {
        code: 1,
        stderr: '',
        stdout: `${JSON.stringify({ ok: false, problems: [{ ...problem, message: '"wrong" is not accepted' }] })}\n`,
      },
    ])
    expect((await tron.config.texts()).get('MASTER')?.text).toBe(master)
  })

  it('refuses to overwrite a change of somebody else', async () => {
    const { at, home } = await setUp({ configs: { MASTER: master } })
    write(home, { 'MASTER.yaml': 'jobs: {}\n' })
    const result = await at('tronfig', ['--hash', contentHash('before'), join(home, 'MASTER.yaml')])
    expect(result).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'Error: Configuration has changed. Please try again.\n' +
        'Read the configuration again, repeat your change on it, and send it with the new hash.\n',
    })
  })

  it('tells programs each refusal of a file among the problems', async () => {
    const { at, home } = await setUp({ configs: { MASTER: master } })
    write(home, { 'MASTER.yaml': 'jobs: {}\n', 'empty.yaml': ' \n' })
    writeFileSync(join(home, 'latin.yaml'), Buffer.from('jobs: {}\n# caf\u00e9\n', 'latin1'))
    const stale = ['--hash', contentHash('before'), join(home, 'MASTER.yaml')]
    const refused = [
      [stale, 1, 1, /^Configuration has changed/],
      [['-C', ...stale], 1, 1, /^Configuration has changed/],
      [[join(home, 'latin.yaml')], 2, 6, /not UTF-8/],
      [['-C', join(home, 'latin.yaml')], 2, 6, /not UTF-8/],
      [[join(home, 'empty.yaml')], 1, 1, / is empty$/],
      [[join(home, 'missing.yaml')], 1, 1, /^ENOENT/],
    ] as const
    for (const [args, line, column, message] of refused) {
      const { code, stdout, stderr } = await at('tronfig', [...args, '--json'])
      expect([code, stderr]).toEqual([1, ''])
      const place = { severity: 'error', file: args.at(-1), line, column, path: '' }
      expect(JSON.parse(stdout)).toEqual({ ok: false, problems: [{ ...place, message: like(message) }] })
    }
  })

  it('deletes a namespace when somebody is there to confirm it, or with --yes', async () => {
    const { at, tron } = await setUp({ configs: { MASTER: master, reports: job } })
    // An answer that nobody gives is none.
    expect(await at('tronfig', ['-d', 'reports'], { input: 'yes\n' })).toEqual({
      code: 1,
      stdout: '',
      stderr: 'Error: nobody is there to confirm that reports is to be deleted\nSay --yes in scripts.\n',
    })
    expect([...(await tron.config.texts()).keys()]).toEqual(['MASTER', 'reports'])
    expect(await at('tronfig', ['-d', 'reports', '--yes'])).toEqual({
      code: 0,
      stdout: '',
      stderr: 'Namespace reports deleted\n',
    })
    expect([...(await tron.config.texts()).keys()]).toEqual(['MASTER'])
    expect(await at('tronfig', ['-d', 'reports', '--yes'])).toMatchObject({
      code: 1,
      stderr: 'Error: there is no namespace reports\nList what exists with tronview.\n',
    })
    expect(await at('tronfig', ['-d', 'MASTER', '--yes'])).toEqual({
      code: 1,
      stdout: '',
      stderr: 'Error: MASTER cannot be deleted\nUpload another MASTER instead.\n',
    })
  })

  it('refuses a file that cannot be looked at like one that cannot be read', async () => {
    const { at, home } = await setUp({ configs: { MASTER: master } })
    symlinkSync('loop', join(home, 'loop'))
    const refused = { code: 1, stdout: '' }
    const [person, program] = [
      await at('tronfig', ['loop'], { cwd: home }),
      await at('tronfig', ['loop', '--json'], { cwd: home }),
    ]
    expect(person).toMatchObject(refused)
    expect(person.stderr).toMatch(/^Error: ELOOP: .*loop'\nName a file that can be read, or say -e to /)
    expect(JSON.parse(program.stdout)).toMatchObject({ ok: false, problems: [{ file: 'loop', line: 1 }] })
  })

  it('refuses standard input that cannot be read', async () => {
    const { terminal } = createFakeTerminal()
    const readInput = () => Promise.reject(new Error('EISDIR: no'))
    expect(await readSource({ ...terminal, readInput }, '/dev/stdin')).toMatchObject({
      kind: 'refused',
      problems: [{ file: '<stdin>', message: '<stdin>: EISDIR: no' }],
    })
  })

  it.each([
    [['missing.yaml'], 1, /^Error: ENOENT.*missing\.yaml/],
    [['-'], 1, /^Error: <stdin> is empty/],
    [[], 2, /^A source is missing\./],
    [['-p', '-C', 'x'], 2, /mutually exclusive/],
  ])('with %j ends with %d', async (args, code, message) => {
    const { at } = await setUp()
    const result = await at('tronfig', args)
    expect(result.code).toBe(code)
    expect(result.stderr).toMatch(message)
  })
})

describe('tronfig without a server', () => {
  it('checks a file with the MASTER beside it, or the one that is named', async () => {
    const { run } = await setUp()
    const folder = temporaryFolder()
    write(folder, { 'MASTER.yaml': master, 'reports.yaml': job, 'other.yml': master })
    const reports = join(folder, 'reports.yaml')
    const ok = { code: 0, stdout: 'OK\n', stderr: '' }
    expect([
      await run('tronfig', ['-V', reports]),
      await run('tronfig', ['-V', join(folder, 'MASTER.yaml')]),
      await run('tronfig', ['-V', '-m', join(folder, 'other.yml'), '-n', 'reports', '-'], { input: job }),
      await run('tronfig', ['-V', '--json', reports]),
    ]).toEqual([ok, ok, ok, { code: 0, stdout: '{"ok":true,"problems":[]}\n', stderr: '' }])
  })

  it('tells file, line and column of what is wrong', async () => {
    const { run } = await setUp()
    const folder = temporaryFolder()
    write(folder, { 'MASTER.yaml': master, 'reports.yaml': job.replace('node: b1', 'node: b2') })
    const { code, stdout, stderr } = await run('tronfig', ['-V', join(folder, 'reports.yaml')])
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(/^\S+\/reports\.yaml:3:11: .*b2/)
  })

  it('checks a directory, also a live one with its manifest', async () => {
    const { run } = await setUp()
    const folder = temporaryFolder()
    const manifest = 'MASTER: config/MASTER.yaml\nreports: config/reports.yaml\n'
    write(folder, { 'MASTER.yaml': master, 'reports.yaml': job, '_manifest.yaml': manifest })
    expect(await run('tronfig', ['-D', folder])).toEqual({ code: 0, stdout: 'OK\n', stderr: '' })
    write(folder, { 'bad.yaml': 'jobs: [' })
    const { code, stderr } = await run('tronfig', ['-D', folder])
    expect(code).toBe(1)
    expect(stderr).toMatch(/_manifest\.yaml:1:1: warning: bad\.yaml is not read: /)
    expect(stderr).toMatch(/bad\.yaml:1:7: /)
  })

  it('says what is missing to check a namespace', async () => {
    const { run } = await setUp()
    const folder = temporaryFolder()
    write(folder, { 'reports.yaml': job })
    const { code, stderr } = await run('tronfig', ['-V', join(folder, 'reports.yaml')])
    expect(code).toBe(1)
    expect(stderr.split('\n')).toEqual([
      `${join(folder, 'MASTER.yaml')}:1:1: there is no such file, and without MASTER ${join(folder, 'reports.yaml')} cannot be checked: name the file of MASTER with -m, for nodes and defaults stand there; if this is MASTER itself, call it MASTER.yaml, or say tronfig -V -n MASTER`,
      '',
    ])
  })

  it('says where a file is not UTF-8, also before an upload, and that it cannot be read', async () => {
    const { run, at } = await setUp()
    const folder = temporaryFolder()
    write(folder, { 'MASTER.yaml': master })
    const file = join(folder, 'reports.yaml')
    writeFileSync(file, Buffer.from('jobs: {}\n# caf\u00e9\n', 'latin1'))
    const why = `${file}:2:6: the file is not UTF-8: here stands the byte E9; save it as UTF-8`
    const [checked, uploaded, json, folderAsFile] = [
      await run('tronfig', ['-V', file]),
      await at('tronfig', [file]),
      await run('tronfig', ['-V', '--json', file]),
      await run('tronfig', ['-V', '--json', folder, '-n', 'x']),
    ]
    expect([checked.code, checked.stderr.split('\n')[0]]).toEqual([1, why])
    expect(uploaded).toEqual({ code: 1, stdout: '', stderr: `Error: ${why}\nSave it as UTF-8.\n` })
    expect(JSON.parse(json.stdout)).toMatchObject({ ok: false, problems: [{ file, line: 2, column: 6 }] })
    const problem = {
      file: folder,
      message: 'the file cannot be read: it is a directory; there must be a file in its place',
    }
    expect(JSON.parse(folderAsFile.stdout)).toMatchObject({ ok: false, problems: [{}, problem] })
  })
})
