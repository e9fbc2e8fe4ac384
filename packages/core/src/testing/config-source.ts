import type { ConfigCheck, ConfigRepository, ConfigSnapshot, Target } from '@tron/model'
import { targetOf } from '../decide/action-life.ts'
import { type FilesPlan, firstFiles, type JobPlan, nodeNamed } from './job-plan.ts'
import type { Life } from './life.ts'
import type { Edit, JobEdit } from './plan.ts'

/** The configuration files: they outlive the schedulers, who read them when they start and hear of changes. */
export interface ConfigSource {
  readonly jobs: readonly JobPlan[]
  /** The configuration as it is now. */
  readonly snapshot: ConfigSnapshot
  /** When it was edited last, in true time. */
  readonly editedMs: number
  /** Where a node's attempts run by the configuration as it is now. */
  targetOf(node: string): Target
  edit(edit: Edit): ConfigSnapshot
  open(life: Life): ConfigRepository
}

export function createConfigSource(
  first: readonly JobPlan[],
  of: { readonly snapshotOf: (files: FilesPlan) => ConfigSnapshot; readonly nowMs: () => number },
): ConfigSource {
  const { snapshotOf, nowMs } = of
  const listeners = new Map<(snapshot: ConfigSnapshot) => void, Life>()
  let files = firstFiles(first)
  let snapshot = snapshotOf(files)
  let editedMs = -Infinity
  return {
    get jobs() {
      return files.jobs
    },
    get snapshot() {
      return snapshot
    },
    get editedMs() {
      return editedMs
    },
    targetOf: (node) => targetOf(nodeNamed(node, files.users[node])),
    edit(edit) {
      files = edited(files, edit)
      snapshot = snapshotOf(files)
      editedMs = nowMs()
      for (const [listener, life] of listeners) if (!life.dead) listener(snapshot)
      return snapshot
    },
    open: (life) => ({
      texts: () => Promise.resolve(new Map()),
      read: () => life.pass('reading the configuration', async () => snapshot),
      check: unsupported,
      update: unsupported,
      faults: () => [],
      onChange(listener) {
        listeners.set(listener, life)
        return () => listeners.delete(listener)
      },
    }),
  }
}

function unsupported(): Promise<ConfigCheck> {
  return Promise.reject(new Error('a simulation edits its files directly'))
}

function edited(files: FilesPlan, edit: Edit): FilesPlan {
  if (edit.change === 'pool') return { ...files, pool: edit.nodes }
  if (edit.change === 'user') return { ...files, users: { ...files.users, [edit.on]: edit.user } }
  return { ...files, jobs: editedJobs(files.jobs, edit) }
}

function editedJobs(jobs: readonly JobPlan[], edit: JobEdit): readonly JobPlan[] {
  if (edit.change === 'remove') return jobs.filter(({ name }) => name !== edit.job)
  if (edit.change === 'add') return [...jobs.filter(({ name }) => name !== edit.plan.name), edit.plan]
  return jobs.map((job) => (job.name === edit.job ? changed(job, edit) : job))
}

function changed(job: JobPlan, edit: JobEdit): JobPlan {
  switch (edit.change) {
    case 'rhythm':
      return { ...job, rhythm: edit.rhythm }
    case 'node':
      return { ...job, node: edit.node }
    case 'limit':
      return { ...job, runLimit: edit.limit }
    case 'enabled':
      return { ...job, enabled: !job.enabled }
    case 'queueing':
      return { ...job, queueing: !job.queueing }
    case 'overlap':
      return { ...job, allowOverlap: !job.allowOverlap }
    case 'held':
      return { ...job, held: job.held.length > 0 ? [] : ['it asks for what is not done yet'] }
    case 'action':
      return { ...job, actions: [...job.actions, { name: `b${job.actions.length}`, requires: [] }] }
    case 'remove':
    case 'add':
      return job
  }
}
