import { type Simulation, shrink, simulateSeed } from '@tron/core/testing'
import { messageOf } from '@tron/model'
import { simulateProtocol } from '@tron/node-protocol/testing'
import type { SeedRequest, SeedResult } from './seed-work.ts'
import { sqliteStorage } from './sqlite-storage.ts'

/** Simulates a seed. What is thrown counts as a violation: nothing may be. */
export async function answer(request: SeedRequest): Promise<SeedResult> {
  try {
    return request.how === 'protocol' ? await answerProtocol(request) : await answerEngine(request)
  } catch (error) {
    const story = error instanceof Error ? (error.stack ?? '').split('\n').slice(0, 12) : []
    const violation = { rule: 'no-defect', text: messageOf(error), story, shrunk: null }
    return { ...nothing(request), violation }
  }
}

function nothing({ seed }: SeedRequest): SeedResult {
  return { seed, counts: null, coverage: new Map(), digest: '', changesClocks: false, violation: null }
}

async function answerEngine(request: SeedRequest): Promise<SeedResult> {
  const { seed, days, how } = request
  const storage = how === 'engine' ? {} : { storage: sqliteStorage }
  const simulation = await simulateSeed({ seed, days, ...storage })
  const { counts, coverage, digest, plan } = simulation
  return {
    seed,
    counts,
    coverage,
    digest,
    changesClocks: plan.changesClocks,
    violation: simulation.violation === null ? null : await violationOf(simulation, request),
  }
}

async function violationOf(simulation: Simulation, request: SeedRequest): Promise<SeedResult['violation']> {
  if (!request.shrink) return wordsOf(simulation, null)
  const { simulation: small, tries } = await shrink(simulation)
  return wordsOf(small, { incidents: small.plan.incidents.length, tries })
}

function wordsOf(
  { violation }: Simulation,
  shrunk: { readonly incidents: number; readonly tries: number } | null,
): SeedResult['violation'] {
  return violation === null
    ? null
    : { rule: violation.rule, text: violation.text, story: violation.story, shrunk }
}

async function answerProtocol(request: SeedRequest): Promise<SeedResult> {
  const { seed } = request
  const run = await simulateProtocol({ seed })
  const coverage = new Map(run.coverage.map((name) => [name, 1]))
  const violation =
    run.violation === null
      ? null
      : {
          rule: run.violation.rule,
          text: run.violation.story.at(-1) ?? '',
          story: run.violation.story,
          shrunk: null,
        }
  return { ...nothing(request), coverage, digest: run.digest, violation }
}
