import type { AttemptRow } from '@tron/store'
import type { ConfigSource } from './config-source.ts'
import type { Nodes } from './nodes.ts'
import type { Records } from './records.ts'
import { awaitsProof } from './rules-of-acts.ts'
import type { Verdict } from './verdict.ts'
import type { VirtualTime } from './virtual-time.ts'

const MINUTE = 60_000
/** A change of the configuration is applied within this, where nothing is in the way. */
const APPLYING_MS = 20 * MINUTE
/** What is due begins within this, where nothing is in the way. */
const LATE_MS = MINUTE

export function judgeConfiguration(
  records: Records,
  of: { readonly config: ConfigSource; readonly time: VirtualTime; readonly verdict: Verdict },
): void {
  const { config, time, verdict } = of
  const applied = records.tables.meta.get('config')?.value
  if (applied === config.snapshot.hash || time.nowMs() - config.editedMs < APPLYING_MS) return
  verdict.fail(
    'configured',
    `the files have configuration ${config.snapshot.hash}, and another one is applied`,
    [],
  )
}

/** @param nowMs by the clock of the scheduler */
export function judgeTimes(records: Records, verdict: Verdict, nowMs: number): void {
  for (const run of records.tables.runs.values()) {
    // One that is planned late, since its slot passed while another was queued, may be due from the start.
    const dueMs = run.dueMs === null ? Number.POSITIVE_INFINITY : Math.max(run.dueMs, run.createdMs)
    if (run.phase !== 'pending' || dueMs > nowMs - LATE_MS) continue
    verdict.fail('on-time', `${run.id} was due more than a minute ago, and has not begun`, [run.id])
  }
}

/** What a node that can be reached knows of an attempt, and the records do not; null when they know. */
export function untold(row: AttemptRow, nodes: Nodes): string | null {
  if (!nodes.cluster.isReachable(row.target.node)) return null
  const truth = nodes.truth(row)
  if (truth === undefined) return row.phase === 'running' ? 'nobody noticed the absence' : null
  if (row.phase !== 'ended') return truth.phase === 'ended' ? 'nobody took in the end' : null
  return awaitsProof(row) && !truth.left ? 'nobody took in that nothing is left' : unfetched(row, truth)
}

function unfetched(row: AttemptRow, truth: NonNullable<ReturnType<Nodes['truth']>>): string | null {
  if (row.output === 'open') return truth.closed ? 'nobody took in the end of the output' : null
  const isThere = !truth.released && truth.stdout.length >= row.stdout
  return row.output === 'closed' && isThere ? 'nobody fetches the output' : null
}
