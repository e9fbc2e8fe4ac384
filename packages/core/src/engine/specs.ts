import { type ConfigSnapshot, type JobSpec, TronError } from '@tron/model'
import { type CompiledSchedule, compileSchedule } from '@tron/schedule'

/** Job configurations by content, with their schedules compiled. Those of live records are known before they are decided upon. */
export interface Specs {
  spec(hash: string): JobSpec
  schedule(spec: JobSpec): CompiledSchedule
  has(hash: string): boolean
  add(hash: string, spec: JobSpec): void
  addAll(snapshot: ConfigSnapshot): void
}

export function createSpecs(): Specs {
  const byHash = new Map<string, JobSpec>()
  const schedules = new Map<string, CompiledSchedule>()

  const add = (hash: string, spec: JobSpec) => {
    byHash.set(hash, spec)
  }

  return {
    has: (hash) => byHash.has(hash),
    add,
    addAll: (snapshot) => {
      for (const spec of Object.values(snapshot.jobs)) add(spec.hash, spec)
    },
    spec(hash) {
      const spec = byHash.get(hash)
      if (spec === undefined) throw new TronError('INTERNAL', `the configuration ${hash} is not loaded`)
      return spec
    },
    schedule({ schedule }) {
      const key = JSON.stringify([schedule.kind, schedule.value, schedule.zone, schedule.dst ?? 'auto'])
      const known = schedules.get(key)
      if (known !== undefined) return known
      const compiled = compileSchedule(schedule)
      schedules.set(key, compiled)
      return compiled
    },
  }
}
