import { type ConfigDocument, createConfigParser, parseHere } from '@tron/config'
import { jobId } from '@tron/model'
import { describe, expect, it } from 'vitest'
import { MASTER } from './parse-one.ts'

type Limits = NonNullable<Parameters<ReturnType<typeof createConfigParser>['read']>[0]['limits']>

const AROUND = { systemZone: 'UTC', daemonUser: 'tron' }

function documents(text: string): ReadonlyMap<string, ConfigDocument> {
  return new Map([
    ['MASTER', { text: MASTER, file: 'MASTER.yaml' }],
    ['svc', { text, file: 'svc.yaml' }],
  ])
}

/** Reads a namespace in a thread, as the daemon does. */
async function read(text: string, limits: Limits = {}) {
  const { snapshot, problems } = await createConfigParser().read({
    documents: documents(text),
    limits,
    ...AROUND,
  })
  return { jobs: snapshot?.jobs ?? {}, messages: problems.map(({ line, message }) => `${line}: ${message}`) }
}

const ACTIONS = 'node: n1, schedule: daily, actions: {a: {command: ls}}'

const monitoring = (value: string) => `jobs: {j: {${ACTIONS}, monitoring: {x: ${value}}}}\n`

const brackets = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)

/** Lists of nine aliases each of which names the list before. */
function laughs(levels: number): string {
  const first = 'monitoring: &a0 {x: ha}\n'
  const more = Array.from({ length: levels }, (_, level) => {
    const aliases = Array.from({ length: 9 }, () => `*a${level}`)
    return `b${level}: &a${level + 1} [${aliases.join(', ')}]\n`
  })
  return first + more.join('')
}

function lines(count: number, line: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => line(index)).join('')
}

const indented = (depth: number) => lines(depth, (index) => `${' '.repeat(index + 3)}k:\n`)

// Seconds on a machine that has nothing else to do.
describe('a document that asks for much', { timeout: 120_000 }, () => {
  it.each([
    ['lists', '[', monitoring(brackets(1000))],
    ['mappings', '"k"', monitoring(`${'{k: '.repeat(1000)}1${'}'.repeat(1000)}`)],
    ['mappings by indentation', '"k"', `jobs:\n j:\n  <<: {${ACTIONS}}\n  monitoring:\n${indented(1000)}`],
  ])('is read when %s nest 1,000 levels deep', async (_kind, mark, text) => {
    const { jobs, messages } = await read(text)
    expect([Object.keys(jobs), messages]).toEqual([['svc.j'], []])
    expect(JSON.stringify(jobs).split(mark).length).toBeGreaterThan(1000)
  })

  it.each([
    ['lists', monitoring(brackets(100_000))],
    ['lists that stay open', `jobs: ${'['.repeat(100_000)}`],
    ['lists as dashes', `jobs:\n ${'- '.repeat(100_000)}x\n`],
    ['mappings', monitoring(`${'{k: '.repeat(100_000)}1${'}'.repeat(100_000)}`)],
    ['keys that are lists', `${'? '.repeat(100_000)}x\n`],
  ])('is refused at the place when %s nest too deeply', async (_kind, text) => {
    const { jobs, messages } = await read(text)
    expect([jobs, messages]).toEqual([
      {},
      [expect.stringMatching(/^\d+: nested more than 1500 levels deep$/)],
    ])
  })

  it('is refused when aliases make it too deep', async () => {
    const chain = lines(2000, (index) => `a${index + 1}: &a${index + 1} [*a${index}]\n`)
    const { messages } = await read(`a0: &a0 []\n${chain}jobs: {}\n`)
    expect(messages[0]).toMatch(/^\d+: with its aliases written out nested more than 1500 levels deep$/)
  })

  it('is refused when its aliases multiply without end', async () => {
    const { messages } = await read(`${laughs(15)}jobs: {}\n`)
    expect(messages).toEqual(['1: with its aliases written out the document has more than 3000000 values'])
  })

  it('is refused when what << copies multiplies without end', async () => {
    const wide = `base: &b {${lines(2000, (index) => `k${index}: 1, `)}}\n`
    const { messages } = await read(`${wide}jobs:\n${lines(20_000, (index) => `  j${index}: {<<: *b}\n`)}`)
    expect(messages[0]).toMatch(/with its aliases written out the document has more than 3000000 values$/)
  })

  it('is read when one anchor is used 10,000 times', async () => {
    const base = `jobs:\n  base: &b {${ACTIONS}, monitoring: &m {team: data}}\n`
    const merged = lines(5000, (index) => `  j${index}: {<<: *b, enabled: false}\n`)
    const named = lines(5000, (index) => `  k${index}: {${ACTIONS}, monitoring: *m}\n`)
    const { jobs, messages } = await read(base + merged + named)
    expect([Object.keys(jobs).length, messages]).toEqual([10_001, []])
    expect([jobs[jobId('svc.j4999')]?.enabled, jobs[jobId('svc.k4999')]?.monitoring]).toEqual([
      false,
      { team: 'data' },
    ])
  })

  it('is read when it has 40,000 jobs', async () => {
    const { jobs, messages } = await read(`jobs:\n${lines(40_000, (index) => `  j${index}: {${ACTIONS}}\n`)}`)
    expect([Object.keys(jobs).length, messages]).toEqual([40_000, []])
  })

  it('is read when a mapping has 400,000 keys', async () => {
    const { jobs, messages } = await read(monitoring(`{${lines(400_000, (index) => `k${index}: 1, `)}}`))
    expect(messages).toEqual([])
    expect(JSON.stringify(jobs).match(/"k\d+":1/g)?.length).toBe(400_000)
  })

  it('is answered with some of the circles where each of 1,000 actions requires all', async () => {
    const names = Array.from({ length: 1000 }, (_, index) => `a${index}`)
    const list = `&all [${names.join(', ')}]`
    const actions = names.map(
      (name, index) => `{name: ${name}, command: x, requires: ${index === 0 ? list : '*all'}}`,
    )
    const { messages } = await read(
      `jobs: {j: {node: n1, schedule: daily, actions: [${actions.join(', ')}]}}\n`,
    )
    expect([messages.length, messages[0]]).toEqual([
      20,
      '1: the actions require each other in a circle: a0 -> a0',
    ])
  })

  it('is answered with the first of 40,000 errors', async () => {
    const { messages } = await read(`jobs:\n${lines(40_000, (index) => `  "${index}":\n`)}`)
    expect([messages.length, messages[0], messages.at(-1)]).toEqual([
      1001,
      '2: found nothing for "0", expected a job as a mapping; write 0: {node: NODE, schedule: SCHEDULE, actions: {NAME: {command: COMMAND}}}',
      '1: 39000 more errors are not shown',
    ])
  })

  it('is refused before it is parsed when it is larger than allowed', async () => {
    const text = `jobs: {} # ${'ü'.repeat(600)}\n`
    expect((await read(text, { maxBytes: 1024 })).messages).toEqual([
      '1: the document is larger than 1024 bytes; split it into several namespaces',
    ])
    expect((await read(text, { maxBytes: 2048 })).messages).toEqual([])
  })
})

describe('the thread that reads a configuration', () => {
  it('says what the calling thread would', async () => {
    const source = {
      documents: documents(`jobs: {j: {${ACTIONS}}, k: {node: nowhere}}\n`),
      executors: ['ssh'],
      ...AROUND,
    }
    expect(await createConfigParser().read(source)).toEqual(await parseHere.read(source))
  })

  it('lets the caller go on meanwhile', async () => {
    const order: string[] = []
    const note = (what: string) => order.push(what)
    const reading = read(`jobs:\n${lines(5000, (index) => `  j${index}: {${ACTIONS}}\n`)}`).then(() =>
      note('read'),
    )
    await new Promise(setImmediate)
    note('went on')
    await reading
    expect(order).toEqual(['went on', 'read'])
  })
})
