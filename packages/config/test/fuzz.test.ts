import { isDeepStrictEqual } from 'node:util'
import { parseConfig } from '@tron/config'
import type { ConfigCheck, ConfigProblem } from '@tron/model'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Documents, mutatedDocuments, rightDocuments, wrongDocuments } from './random-documents.ts'

// oxlint-disable-next-line node/no-process-env -- a choice of who runs the tests
const { TRON_FUZZ_RUNS } = process.env

/** How many documents of each kind are tried. `npm run fuzz:config` tries ten times as many, others each time. */
const RUNS =
  TRON_FUZZ_RUNS === undefined ? { numRuns: 1000, seed: 20_261_126 } : { numRuns: Number(TRON_FUZZ_RUNS) }

function read({ master, svc }: Documents): ConfigCheck {
  const documents = new Map([
    ['MASTER', { text: master, file: 'MASTER.yaml' }],
    ['svc', { text: svc, file: 'svc.yaml' }],
  ])
  return parseConfig({ documents, systemZone: 'UTC', daemonUser: 'tron' })
}

function isPlaced({ file, line, column, message }: ConfigProblem, { master, svc }: Documents): boolean {
  const text = new Map([
    ['MASTER.yaml', master],
    ['svc.yaml', svc],
  ]).get(file)
  const length = text?.split('\n')[line - 1]?.length
  return length !== undefined && column >= 1 && column <= length + 1 && message.trim() !== ''
}

/** What holds for the answer to any documents. */
function judge(documents: Documents): void {
  const check = read(documents)
  expect(check.problems.filter((problem) => !isPlaced(problem, documents))).toEqual([])
  const wrong = new Set(check.problems.flatMap(({ severity, file }) => (severity === 'error' ? [file] : [])))
  expect(check.ok).toBe(!wrong.has('MASTER.yaml'))
  if (!check.ok) return
  const { namespaces, jobs, nodes, pools } = check.snapshot
  expect(namespaces.map((name) => `${name}.yaml`).filter((file) => wrong.has(file))).toEqual([])
  const known = new Set([...Object.keys(nodes), ...Object.keys(pools)])
  for (const job of Object.values(jobs)) {
    expect([job.id, known.has(job.node), job.actions.length > 0]).toEqual([job.id, true, true])
  }
  expect(isDeepStrictEqual(JSON.parse(JSON.stringify(check)), check)).toBe(true)
}

// Each takes some milliseconds on a machine that has nothing else to do.
describe('random documents', { timeout: 60_000 + RUNS.numRuns * 100 }, () => {
  it('are accepted when they are made of the examples that the schema gives', () => {
    fc.assert(
      fc.property(rightDocuments, (documents) => {
        const errors = read(documents).problems.filter(({ severity }) => severity === 'error')
        expect(errors).toEqual([])
        judge(documents)
      }),
      { ...RUNS, numRuns: Math.ceil(RUNS.numRuns / 4) },
    )
  })

  it('of the grammar with some faults are answered, each fault at a place', () => {
    fc.assert(fc.property(wrongDocuments, judge), RUNS)
  })

  it('that were real and are changed are answered, each fault at a place', () => {
    fc.assert(fc.property(mutatedDocuments, judge), RUNS)
  })
})
