import type {
  EventBatch,
  ExecutorEvent,
  Holder,
  InventoryEntry,
  RevokeReply,
  StartReply,
} from '@tron/executor'
import type { AttemptId } from '@tron/model'
import { z } from 'zod'

// Only what the engine reads: what a newer executor says beside that is none of its business.

const id = z.string().min(1)
const count = z.int().nonnegative()
const sizes = z.object({ stdout: count, stderr: count })

const outcome = z.discriminatedUnion('type', [
  z.object({ type: z.literal('exited'), code: z.int() }),
  z.object({ type: z.literal('signalled'), signal: z.string() }),
  z.object({
    type: z.literal('lost'),
    cause: z.enum(['reboot', 'killed', 'replaced', 'evicted', 'unknowable']),
    legacyCode: z.int(),
  }),
])

const part = z.object({ from: count, bytes: z.instanceof(Uint8Array) }).optional()

const event = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('started'),
    id,
    atMs: z.int(),
    handle: z.string().optional(),
    reason: z.string().optional(),
  }),
  z.object({ kind: z.literal('exit'), id, atMs: z.int(), outcome, sizes }),
  z.object({
    kind: z.literal('closed'),
    id,
    sizes,
    tail: z.object({ stdout: part, stderr: part }).optional(),
    leftRunning: count,
    lost: count.optional(),
  }),
  z.object({ kind: z.literal('progress'), id, sizes }),
  z.object({
    kind: z.literal('stopped'),
    id,
    atMs: z.int(),
    signalled: z.array(z.string()),
    survivors: z.array(z.string()),
  }),
  z.object({ kind: z.literal('absent'), id, proof: z.enum(['never-started', 'none']), reason: z.string() }),
  z.object({
    kind: z.literal('target'),
    target: z.object({ executor: z.string(), node: z.string(), address: z.string() }),
    state: z.enum(['reachable', 'unreachable', 'fenced', 'replaced', 'full']),
    reason: z.string(),
  }),
])

const batch = z.object({ source: z.string(), cursor: z.string(), events: z.array(z.unknown()) })

const startReply = z.discriminatedUnion('result', [
  z.object({ id, result: z.enum(['accepted', 'exists']) }),
  z.object({ id, result: z.literal('refused'), retry: z.boolean(), code: z.string(), reason: z.string() }),
])

const revokeReply = z.object({
  id,
  result: z.enum(['revoked', 'started', 'unreachable', 'unsupported']),
})

const holder = z.object({ epoch: z.int(), nonce: z.string(), holder: z.string() })

const inventoryEntry = z.object({
  id,
  startKey: z.string(),
  runNumber: count,
  configHash: z.string(),
  phase: z.enum(['reserved', 'launched', 'ended', 'revoked']),
  startedMs: z.int().optional(),
  endedMs: z.int().optional(),
  outcome: outcome.optional(),
  sizes,
  released: z.boolean(),
})

/** What is wrong with a value by the contract, in words; null when the engine can work with it. */
export type Check<T> = (value: T) => string | null

function check<T>(shape: z.ZodType): Check<T> {
  return (value) => {
    const result = shape.safeParse(value)
    if (result.success) return null
    return result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')
  }
}

export const checkEvent = check<ExecutorEvent>(event)
export const checkBatch = check<EventBatch>(batch)
export const checkStartReply = check<StartReply>(startReply)
export const checkRevokeReply = check<RevokeReply>(revokeReply)
export const checkReleased = check<AttemptId>(id)
export const checkHolder = check<Holder | null>(holder.nullable())
export const checkInventoryEntry = check<InventoryEntry>(inventoryEntry)
