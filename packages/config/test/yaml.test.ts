import { documentHash, NO_DOCUMENT_HASH } from '@tron/config'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { errorsOf, parseOne } from './parse-one.ts'

const messages = (text: string) => errorsOf(parseOne(text)).map(({ message }) => message)

const nested = (depth: number) =>
  `jobs: {j: {node: n1, schedule: daily, actions: {a: {command: ls}}, monitoring: {x: ${'['.repeat(depth)}${']'.repeat(depth)}}}}`

describe('what is built to exhaust', () => {
  it('is refused when its aliases multiply without end', () => {
    const levels = Array.from({ length: 15 }, (_, level) =>
      level === 0
        ? 'a0: &a0 [x]'
        : `a${level}: &a${level} [${Array.from({ length: 9 }, () => `*a${level - 1}`).join(',')}]`,
    )
    expect(messages(`${levels.join('\n')}\njobs: *a14\n`)).toEqual([
      'with its aliases written out the document has more than 3000000 values',
    ])
  })

  it('is refused when an alias stands inside what it names', () => {
    expect(messages('jobs: &a [*a]\n')).toEqual(['the alias *a stands inside what it names'])
  })

  it('is refused when it nests too deeply, and not when it nests deeply', () => {
    expect(messages(nested(190))).toEqual([])
    expect(messages(nested(3000))).toEqual([expect.stringMatching(/nested/)])
    expect(messages(nested(50_000)).length).toBe(1)
  })

  it('is refused before it is parsed when it is larger than 16 MB', () => {
    expect(messages(`jobs: {}\n#${'x'.repeat(17 * 1024 * 1024)}\n`)).toEqual([
      'the document is larger than 16 MB; split it into several namespaces',
    ])
  })

  it('is read when one anchor is used many times', () => {
    const job = 'jobs:\n  base: &b {node: n1, schedule: daily, actions: {a: {command: ls}}}\n'
    const more = Array.from({ length: 1000 }, (_, index) => `  j${index}: {<<: *b, enabled: false}\n`)
    const check = parseOne(job + more.join(''))
    expect(check.ok && Object.keys(check.snapshot.jobs).length).toBe(1001)
  })
})

describe('anchors and merges', () => {
  it('give what a mapping does not have itself, the first of several first', () => {
    const check = parseOne(`jobs:
  one: &one {node: n1, schedule: daily, run_limit: 1, actions: {a: {command: ls}}}
  two: &two {node: n2, schedule: cron @hourly, run_limit: 2, actions: {a: {command: ls}}}
  both: {<<: [*two, *one], run_limit: 3}
`)
    const job = check.ok ? Object.values(check.snapshot.jobs).find(({ name }) => name === 'both') : undefined
    expect([job?.node, job?.schedule.value, job?.runLimit]).toEqual(['n2', '@hourly', 3])
  })

  it('that stand twice in one mapping count the last first, and it is said', () => {
    const check = parseOne(`jobs:
  one: &one {node: n1, schedule: daily, run_limit: 1, actions: {a: {command: ls}}}
  two:
    <<: *one
    <<: {schedule: daily 02:00, run_limit: 2}
    run_limit: 3
`)
    const job = check.ok ? Object.values(check.snapshot.jobs).find(({ name }) => name === 'two') : undefined
    expect([job?.node, job?.schedule.value, job?.runLimit]).toEqual(['n1', '02:00 ', 3])
    expect(
      check.problems.map(({ line, column, path, message }) => ({ line, column, path, message })),
    ).toEqual([
      {
        line: 5,
        column: 5,
        path: 'jobs.two',
        message:
          '"<<" stands twice: where both have a key, this one counts, and the one in line 4 does not; write <<: [*FIRST, *SECOND], of which the first counts',
      },
    ])
  })

  it('keep the later of two equal keys and say so', () => {
    const check = parseOne('jobs: {}\njobs: []\n')
    expect(check.problems).toEqual([
      {
        severity: 'warning',
        file: 'svc.yaml',
        line: 2,
        column: 1,
        path: 'jobs',
        message: '"jobs" stands twice: this one counts, and the one in line 1 does not',
      },
    ])
  })
})

describe('what YAML 1.1 read differently', () => {
  it('means true and false where a truth value is due', () => {
    const check = parseOne(
      'jobs: {j: {node: n1, schedule: daily, enabled: off, allow_overlap: Yes, actions: {a: {command: ls}}}}',
    )
    const job = check.ok ? Object.values(check.snapshot.jobs)[0] : undefined
    expect([job?.enabled, job?.allowOverlap]).toEqual([false, true])
  })

  it('is not read as then where the document asks for it, which is remarked on', () => {
    const text = 'command_context: {A: yes, B: 2020-01-01, C: 1_000, D: 0o17, E: 0644}\n'
    const directive = '%YAML 1.1\n---\n'
    const plain = parseOne(text, { namespace: 'MASTER' })
    const older = parseOne(`${directive}${text}`, { namespace: 'MASTER' })
    expect(older.ok && older.snapshot.commandContext).toEqual(plain.ok && plain.snapshot.commandContext)
    const [first, ...others] = older.problems
    expect(first).toEqual({
      severity: 'warning',
      file: 'MASTER.yaml',
      line: 1,
      column: 1,
      path: '',
      message:
        'the file is read as YAML 1.2, whatever this line says; remove it, and look at the warnings for what Tron 3 read differently',
    })
    expect(others.map(({ line, message }) => [line - 2, message])).toEqual(
      plain.problems.map(({ line, message }) => [line, message]),
    )
    expect(documentHash(`${directive}${text}`)).toBe(documentHash(text))
  })

  it.each(['%YAML 1.2', '%YAML 1.1', '%TAG !y! tag:yaml.org,2002:'])('may follow a %s', (line) => {
    const check = parseOne(`${line}\n---\njobs: {}\n`)
    expect([errorsOf(check), check.problems.length]).toEqual([[], line.endsWith('1.1') ? 1 : 0])
  })

  it('is remarked on where anything may stand', () => {
    const check = parseOne('command_context: {A: yes, B: 0644, C: 16:30:00, D: "no"}\n', {
      namespace: 'MASTER',
    })
    expect(check.problems.map(({ message }) => message)).toEqual([
      '"yes" is a text here; Tron 3 read true. Write "yes" or true',
      '0644 is 644 here; Tron 3 read the octal 420. Put it in quotes if it is a text',
      '"16:30:00" is a text here; Tron 3 read the base-60 number 59400. Put it in quotes if it is a text',
    ])
  })
})

describe('a key below which anything may stand', () => {
  const job = (more: string) => `jobs: {j: {node: n1, schedule: daily, actions: {a: {command: ls, ${more}}}}}`

  it('gives names of its own, also where a key of ours has them', () => {
    const context = parseOne('command_context: {enabled: yes, FLAG: yes}\n', { namespace: 'MASTER' })
    const remark = '"yes" is a text here; Tron 3 read true. Write "yes" or true'
    expect(context.ok && context.snapshot.commandContext).toEqual({ enabled: 'yes', FLAG: 'yes' })
    expect(context.problems.map(({ message }) => message)).toEqual([remark, remark])
    const env = parseOne(job('env: {agent: on, use_k8s: No}'))
    expect(env.problems.map(({ message }) => message)).toEqual([
      '"on" is a text here; Tron 3 wrote True. Write "on" or "True", with the quotes',
      '"No" is a text here; Tron 3 wrote False. Write "No" or "False", with the quotes',
    ])
  })

  it('is what is published, too', () => {
    const published = 'trigger_downstreams: {ready: yes, t: 16:30, n: 1_000, day: 2024-01-02}'
    const { problems } = parseOne(job(published))
    expect(
      problems.filter(({ path }) => path.includes('downstreams.')).map(({ message }) => message),
    ).toEqual([
      '"yes" is a text here; Tron 3 read true. Write "yes" or true',
      '"16:30" is a text here; Tron 3 read the base-60 number 990. Put it in quotes if it is a text',
      '"1_000" is a text here; Tron 3 read the number 1000. Put it in quotes if it is a text',
    ])
    expect(errorsOf(parseOne(job('trigger_downstreams: yes')))).toEqual([])
  })
})

describe('a remark on the command context', () => {
  it.each([
    ['2024-01-02 03:04:05'],
    ['2024-01-02 03:04:05.000100'],
    ['2024-01-02'],
    ['.5'],
    ...['2024-01-02T03:04:05', '2024-01-02 03:04:05Z', '2024-01-02 03:04:05.5', '2024-01-02 25:00:00'].map(
      (time) => [
        time,
        `"${time}" is a text here; Tron 3 read an instant and wrote it differently. Put it in quotes`,
      ],
    ),
    ['+.5', '+.5 is 0.5 here; Tron 3 read the text. Put it in quotes if it is a text'],
    ['-.5', '-.5 is -0.5 here; Tron 3 read the text. Put it in quotes if it is a text'],
  ])('on %s is made where Tron 3 wrote something else', (value, ...remarks) => {
    const { problems } = parseOne(`command_context: {V: ${value}}\n`, { namespace: 'MASTER' })
    expect(problems.map(({ message }) => message)).toEqual(remarks)
  })
})

describe('values of the environment', () => {
  it('are what is written, and it is said where Tron 3 wrote something else', () => {
    const check = parseOne(
      'jobs: {j: {node: n1, schedule: daily, actions: {a: {command: ls, env: {A: 0644, B: 2.0, C: yes, D: 7, E: 1.10}}}}}',
    )
    const job = check.ok ? Object.values(check.snapshot.jobs)[0] : undefined
    expect(job?.actions[0]?.env).toEqual({ A: '0644', B: '2.0', C: 'yes', D: '7', E: '1.10' })
    expect(check.problems.map(({ message }) => message)).toEqual([
      '"0644" is a text here; Tron 3 read the octal 420. Put it in quotes if it is a text',
      '"yes" is a text here; Tron 3 wrote True. Write "yes" or "True", with the quotes',
      '"1.10" is a text here; Tron 3 read the number 1.1. Put it in quotes if it is a text',
    ])
  })
})

describe('the hash of a document', () => {
  it('does not see comments, layout and order of keys', () => {
    expect(documentHash('# x\njobs:   {b: 1,  a: "2"}\n')).toBe(documentHash('jobs:\n  a: "2"\n  b: 1\n'))
  })

  it('sees what is said', () => {
    expect(documentHash('jobs: {a: 1}')).not.toBe(documentHash('jobs: {a: 2}'))
  })

  it('is there for a text that is not YAML', () => {
    expect([documentHash('a: b: c'), NO_DOCUMENT_HASH]).toEqual([
      expect.stringMatching(/^[0-9a-f]{40}$/),
      'da39a3ee5e6b4b0d3255bfef95601890afd80709',
    ])
  })
})

const WORDS = [
  'jobs',
  'node',
  'n1',
  'schedule',
  'daily',
  'actions',
  'command',
  '"{name}"',
  'requires',
  'name',
  '<<',
  '&a',
  '*a',
  '!x',
  '~',
  '5',
  'yes',
]
const MARKS = [
  ': ',
  '\n',
  '\n  ',
  '\n    ',
  '- ',
  '{',
  '}',
  '[',
  ']',
  ', ',
  '"',
  "'",
  '#',
  '\t',
  '|',
  '>',
  '%',
  '@',
  '---',
  '\u0000',
  'é',
  '\uD800',
]

describe('any text', () => {
  it('is answered, and every problem has a place in it', () => {
    const text = fc
      .array(fc.constantFrom(...WORDS, ...MARKS), { maxLength: 60 })
      .map((parts) => parts.join(''))
    fc.assert(
      fc.property(fc.oneof(text, fc.string({ unit: 'binary' })), fc.boolean(), (document, isMaster) => {
        const { problems } = parseOne(document, { namespace: isMaster ? 'MASTER' : 'svc' })
        const lines = document.split('\n')
        const misplaced = problems.filter(
          ({ line, column, file }) =>
            file.endsWith('.yaml') &&
            (line > lines.length || column > (lines[line - 1] ?? '').length + 1 || line < 1 || column < 1),
        )
        expect(misplaced).toEqual([])
      }),
      { numRuns: 600 },
    )
  })

  it('of the right shape with any values is answered', () => {
    const value = fc.oneof(
      fc.jsonValue({ maxDepth: 3 }),
      fc.constantFrom('daily', 'n1', 'ls', '5m', true, null),
    )
    const keys = [
      'name',
      'node',
      'schedule',
      'actions',
      'cleanup_action',
      'run_limit',
      'monitoring',
      'namespace',
      'enabled',
      'time_zone',
      '__proto__',
      'constructor',
    ]
    const job = fc.dictionary(fc.constantFrom(...keys), value)
    fc.assert(
      fc.property(fc.dictionary(fc.string(), job), (jobs) => {
        const check = parseOne(JSON.stringify({ jobs }))
        expect(check.ok).toBe(true)
      }),
      { numRuns: 300 },
    )
  })
})
