import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { parseConfig } from '../packages/config/src/index.ts'
import { ERROR_CODES } from '../packages/model/src/index.ts'
import { configProblems } from './config-problems.ts'
import { exists, filesBelow, members, pages, readJson, readText } from './workspace.ts'

const folders = [...members.flatMap(({ dir }) => [join(dir, 'src'), join(dir, 'test')]), 'test', 'tools']
const sources = folders.flatMap((dir) => filesBelow(dir, '.ts').concat(filesBelow(dir, '.sh')))

describe('the repository', () => {
  it('has no file over 400 lines that are not blank', () => {
    const lines = (path: string) =>
      readText(path)
        .split('\n')
        .filter((line) => line.trim() !== '')
    const long = sources.filter((path) => lines(path).length > 400)
    expect(long).toEqual([])
  })

  it('names no vague file', () => {
    const vague = /\/(utils?|helpers?|lib|common|types|misc)\.ts$/
    expect(sources.filter((path) => vague.test(path))).toEqual([])
  })

  it('mocks no module and leaves no work for later', () => {
    const marks = /vi\.mock\(|\b(?:TO[D]O|FIX[M]E)\b/
    expect(sources.filter((path) => marks.test(readText(path)))).toEqual([])
  })

  it.each(members.map((member) => [member.name, member] as const))(
    '%s has a README, settings and a tag',
    (_name, { dir, manifest }) => {
      const readme = readText(join(dir, 'README.md'))
      expect(readme).toMatch(/^# @tron\//)
      expect(readme.split('\n').filter((line) => line.trim() !== '').length).toBeGreaterThan(1)
      expect(manifest.description).not.toBe('')
      const tags = z.object({ tags: z.tuple([z.string()]) }).parse(readJson(join(dir, 'turbo.json'))).tags
      expect(Object.keys(boundaries)).toEqual(expect.arrayContaining(tags))
    },
  )
})

const { boundaries } = z
  .object({ boundaries: z.object({ tags: z.record(z.string(), z.unknown()) }) })
  .transform((turbo) => ({ boundaries: turbo.boundaries.tags }))
  .parse(readJson('turbo.json'))

describe('the demo', () => {
  it('has a configuration without a remark, whose jobs all start', () => {
    const file = 'apps/trond/demo/MASTER.yaml'
    expect(configProblems(readText(file), file)).toEqual([])
    const documents = new Map([['MASTER', { text: readText(file), file }]])
    const checked = parseConfig({ documents, systemZone: 'UTC', daemonUser: 'tron' })
    expect(checked.ok && Object.values(checked.snapshot.jobs).map(({ id, held }) => [id, held])).toEqual([
      ['MASTER.hello', []],
      ['MASTER.report', []],
      ['MASTER.ticker', []],
      ['MASTER.backup', []],
    ])
  })
})

describe('error codes', () => {
  const text = sources
    .filter((path) => path.includes('/src/') && !path.endsWith('model/src/errors.ts'))
    .map(readText)
    .join('\n')

  it('are all in the table', () => {
    const used = Array.from(text.matchAll(/new TronError\(\s*'([A-Z_]+)'/g), ([, code = '']) => code)
    expect(used.filter((code) => !(code in ERROR_CODES))).toEqual([])
  })

  it('of the table are all used', () => {
    const unused = Object.keys(ERROR_CODES).filter((code) => !text.includes(`'${code}'`))
    expect(unused).toEqual([])
  })
})

describe.each(pages)('%s', (page) => {
  it('links only to files that exist', () => {
    const links = Array.from(
      readText(page).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g),
      ([, link = '']) => link,
    )
    expect(links.filter((link) => !exists(join(dirname(page), link)))).toEqual([])
  })

  it('names nobody’s machine', () => {
    expect(/(^|[\s`"'(])\/(work|root)\//m.test(readText(page))).toBe(false)
  })
})
