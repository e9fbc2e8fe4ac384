import type { AttemptRow } from '@tron/store'
import type { GuardedExecutor } from './guard-executor.ts'

/** Attempts with the executor of their target; those whose executor is not configured are left out. */
export function byExecutor(
  executors: ReadonlyMap<string, GuardedExecutor>,
  rows: readonly AttemptRow[],
): ReadonlyMap<GuardedExecutor, readonly AttemptRow[]> {
  const groups = new Map<GuardedExecutor, AttemptRow[]>()
  for (const row of rows) {
    const executor = executors.get(row.target.executor)
    const group = executor === undefined ? undefined : groups.get(executor)
    if (group !== undefined) group.push(row)
    else if (executor !== undefined) groups.set(executor, [row])
  }
  return groups
}
