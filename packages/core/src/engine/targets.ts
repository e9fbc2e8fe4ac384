import type { ExecutorEvent, TargetConfig } from '@tron/executor'
import { type AccessSpec, type ConfigSnapshot, type JsonValue, type Target, targetKey } from '@tron/model'
import type { AttemptRow } from '@tron/store'
import { clusterOf, targetOf } from '../decide/action-life.ts'
import type { TargetStatus } from '../tron.ts'

type TargetEvent = Extract<ExecutorEvent, { kind: 'target' }>
type Seen = Pick<TargetEvent, 'state' | 'reason'>

/** What is known of the places where attempts run: those of the configuration, and those that live attempts are pinned to. */
export interface Targets {
  /** Takes what an executor says of a target; answers what it had said before. */
  seen(event: TargetEvent): TargetStatus['state'] | undefined
  /** The targets of one executor, with how to reach them. */
  configs(executor: string): readonly TargetConfig[]
  statuses(): readonly TargetStatus[]
  /** Whether this is the key of a target that an executor has spoken of. */
  has(key: string): boolean
  /** Those that the configuration names, and those that live attempts are pinned to. */
  all(): readonly Target[]
  /** The targets that the configuration names now. */
  configured(): readonly Target[]
}

export function createTargets(options: {
  snapshot(): ConfigSnapshot
  attempts(): readonly AttemptRow[]
}): Targets {
  const seen = new Map<string, Seen>()

  let known: { readonly of: ConfigSnapshot; readonly targets: readonly Target[] } | null = null
  const configured = () => {
    const snapshot = options.snapshot()
    // There may be thousands of jobs, and the status is looked at often.
    if (known?.of !== snapshot) known = { of: snapshot, targets: targetsOf(snapshot) }
    return known.targets
  }

  /** All targets by key; those of attempts whose node is gone or re-addressed are draining. */
  const all = () => {
    const targets = new Map(
      configured().map((target) => [targetKey(target), { target, draining: false, attempts: 0 }]),
    )
    for (const attempt of options.attempts()) {
      const entry = targets.get(attempt.targetKey)
      if (entry === undefined) {
        targets.set(attempt.targetKey, { target: attempt.target, draining: true, attempts: 1 })
      } else entry.attempts += 1
    }
    return targets
  }

  return {
    seen: ({ target, state, reason }) => {
      const before = seen.get(targetKey(target))?.state
      seen.set(targetKey(target), { state, reason })
      return before
    },
    has: (key) => seen.has(key),
    all: () => [...all().values()].map(({ target }) => target),
    configured,
    configs: (executor) => {
      const settings = settingsOf(options.snapshot().access)
      return [...all().values()]
        .filter(({ target }) => target.executor === executor)
        .map(({ target }) => ({ target, settings }))
    },
    statuses: () =>
      [...all()].map(([key, { target, draining, attempts }]) => ({
        node: target.node,
        executor: target.executor,
        address: target.address,
        state: seen.get(key)?.state ?? 'unknown',
        reason: seen.get(key)?.reason ?? '',
        draining,
        attempts,
      })),
  }
}

/** The nodes, and the clusters that actions name. */
function targetsOf({ nodes, jobs }: ConfigSnapshot): readonly Target[] {
  const clusters = new Set<string>()
  for (const { actions, cleanup } of Object.values(jobs)) {
    for (const { executor } of [...actions, ...(cleanup === undefined ? [] : [cleanup])]) {
      if (executor !== undefined) clusters.add(executor)
    }
  }
  return [...Object.values(nodes).map(targetOf), ...Array.from(clusters, clusterOf)]
}

function settingsOf(access: AccessSpec): JsonValue {
  return { ...access }
}
