import type { InventoryEntry } from '@tron/executor'
import { storyOf } from './attempt-story.ts'
import type { NodeAttempt } from './wire/listing.ts'

/** One attempt of a spool as the contract shows it. */
export function inventoryEntry(attempt: NodeAttempt, boot: string, nowMs: number): InventoryEntry {
  const { id, meta, sizes, held } = attempt
  const story = storyOf(attempt, boot, nowMs)
  const common = {
    id,
    startKey: meta?.startKey ?? '',
    runNumber: meta?.runNumber ?? 0,
    configHash: meta?.configHash ?? '',
    sizes,
    released: held === 'released',
  }
  switch (story.kind) {
    case 'absent':
      return { ...common, phase: 'revoked' }
    case 'reserved':
    case 'launching':
      return { ...common, phase: 'reserved' }
    case 'running':
      return { ...common, phase: 'launched', startedMs: story.startedMs }
    case 'ended': {
      const { startedMs, endedMs, outcome } = story
      return { ...common, phase: 'ended', startedMs, endedMs, outcome }
    }
  }
}
