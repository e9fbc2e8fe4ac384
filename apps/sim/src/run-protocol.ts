import { performance } from 'node:perf_hooks'
import { PROTOCOL_COVERAGE } from '@tron/node-protocol/testing'
import { createCrew } from './crew.ts'
import { print, showProgress, type Wanted } from './wanted.ts'

/** Simulates the protocol of nodes from seeds. Answers whether all its rules held. */
export async function runProtocol({ from, seeds, days, workers, defect }: Wanted): Promise<boolean> {
  await using crew = createCrew({ size: workers, defect })
  const requests = Array.from(
    { length: seeds },
    (_, index) => ({ seed: from + index, days, how: 'protocol', shrink: false }) as const,
  )
  const begun = performance.now()
  const covered = new Set<string>()
  let done = 0
  let failed = 0
  for await (const { seed, coverage, violation } of crew.results(requests)) {
    done += 1
    showProgress(`${done} of ${seeds} seeds`)
    for (const name of coverage.keys()) covered.add(name)
    if (violation === null) continue
    failed += 1
    print(`seed ${seed} broke ${violation.rule}`)
    for (const line of violation.story) print(`  ${line}`)
  }
  showProgress('')
  const missing = PROTOCOL_COVERAGE.filter((name) => !covered.has(name))
  const seconds = ((performance.now() - begun) / 1000).toFixed(1)
  print(`coverage: ${PROTOCOL_COVERAGE.length - missing.length} of ${PROTOCOL_COVERAGE.length}; ${seconds} s`)
  if (missing.length > 0) print(`  not met: ${missing.join('; ')}`)
  print(failed === 0 ? `all rules held in ${seeds} seeds` : `${failed} of ${seeds} seeds broke a rule`)
  return failed === 0
}
