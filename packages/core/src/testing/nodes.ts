import {
  bytesOf,
  createFakeCluster,
  type FakeClaim,
  type FakeCluster,
  type FakeDisk,
} from '@tron/executor/fake'
import type { AttemptId, Target } from '@tron/model'
import { commandOf } from './command-plan.ts'
import type { Story } from './story.ts'
import type { Verdict } from './verdict.ts'
import type { VirtualTime } from './virtual-time.ts'

type Held = NonNullable<ReturnType<ReturnType<FakeCluster['at']>['spool']['attempts']['get']>>

interface Launched {
  readonly node: string
  readonly atMs: number
}

/** What commands write. */
type Written = Readonly<Record<'stdout' | 'stderr', Uint8Array>>

/** The machines that commands run on, and the truth about each command: what no scheduler can know as surely. */
export interface Nodes {
  readonly cluster: FakeCluster
  installation: string
  /** What the node holds of an attempt now. */
  truth(attempt: { readonly id: AttemptId; readonly target: Target }): Held | undefined
  wasLaunched(id: AttemptId): boolean
  /** The node that a command of the slot was launched on, and that still knows of it; null where there is none. */
  ranOn(job: string, slotMs: number): string | null
  /** The node's disk was put back to before the attempt's launch. */
  wasRolledBack(attempt: { readonly id: AttemptId; readonly target: Target }): boolean
  written(startKey: string, stream: 'stdout' | 'stderr'): Uint8Array
  readonly launches: number
  /** While true, commands lose output on that node. */
  fill(node: string, full: boolean): void
  /** Puts a disk back; a disk of null is another machine's, empty. */
  rollBack(node: string, to: { readonly disk: FakeDisk; readonly atMs: number } | null): void
}

const HEALTHY = { offsetMs: 0, dead: false }

interface Roots {
  readonly seed: number
  readonly time: VirtualTime
  readonly story: Story
  readonly verdict: Verdict
}

export function createNodes(roots: Roots): Nodes {
  const { seed, time } = roots
  const launches = createLaunches(roots)
  const full = new Set<string>()
  const written = new Map<string, Written>()
  const cluster = createFakeCluster({
    clock: time.clockOf(HEALTHY),
    onClaim: (claim) => {
      judgeClaim(roots.verdict, claim)
    },
    run: ({ id, startKey, target }) => {
      launches.note(id, { node: target.node, atMs: time.nowMs() }, startKey)
      const run = commandOf(seed, startKey)
      written.set(startKey, { stdout: bytesOf(run.stdout), stderr: bytesOf(run.stderr) })
      return full.has(target.node) ? { ...run, lostBytes: 1 } : run
    },
  })
  const nodes: Nodes = {
    cluster,
    installation: '',
    truth: ({ id, target }) => cluster.at(target.node, nodes.installation).spool.attempts.get(id),
    wasLaunched: (id) => launches.of(id) !== undefined,
    ranOn: (job, slotMs) => {
      const launch = launches.ofSlot(`${job}/s${slotMs}`)
      return launch !== undefined && launches.isKnown(launch) ? launch.node : null
    },
    wasRolledBack: ({ id }) => launches.of(id) !== undefined && !launches.isKnown(launches.of(id)),
    written: (startKey, stream) => written.get(startKey)?.[stream] ?? NOTHING,
    get launches() {
      return launches.count()
    },
    fill(node, isFull) {
      if (isFull) full.add(node)
      else full.delete(node)
    },
    rollBack(node, to) {
      launches.forget(node, to?.atMs ?? -Infinity)
      cluster.restore(node, to?.disk ?? { spools: [] })
    },
  }
  return nodes
}

const NOTHING = new Uint8Array()

/** Whoever takes a node from another scheduler has its pair from its own store, or an order to take over. */
function judgeClaim(verdict: Verdict, { node, before, by }: FakeClaim): void {
  if (before === null || by.takeOver.includes(node)) return
  const known = [...by.issued, by].some(
    ({ epoch, nonce }) => epoch === before.epoch && nonce === before.nonce,
  )
  if (known) return
  verdict.fail('fence-kept', `${by.holder} takes ${node} from ${before.holder}, and nobody ordered that`, [
    node,
  ])
}

/** Every launch there was, and which of them the disks still know. */
function createLaunches({ time, story, verdict }: Roots) {
  const launched = new Map<AttemptId, Launched>()
  const slots = new Map<string, Launched>()
  const rollBacks = new Map<string, { readonly atMs: number; readonly toMs: number }[]>()
  /** No disk of the node went back to before that instant, after it. */
  const isKnown = (launch: Launched | undefined): boolean =>
    launch !== undefined &&
    rollBacks.get(launch.node)?.some((back) => back.toMs <= launch.atMs && back.atMs >= launch.atMs) !== true
  return {
    isKnown,
    of: (id: AttemptId) => launched.get(id),
    ofSlot: (key: string) => slots.get(key),
    count: () => launched.size,
    note(id: AttemptId, launch: Launched, startKey: string): void {
      const before = launched.get(id)
      const [job = ''] = startKey.split('/')
      story.tell(`${launch.node} launches the command of ${startKey}`, [job, id, launch.node])
      if (before !== undefined && (before.node !== launch.node || isKnown(before))) {
        const text = `the command of ${startKey} was launched on ${before.node} and again on ${launch.node}`
        verdict.fail('once-only', text, [job, id, launch.node])
      }
      launched.set(id, launch)
      slots.set(startKey.split('/').slice(0, 2).join('/'), launch)
    },
    forget(node: string, toMs: number): void {
      rollBacks.set(node, [...(rollBacks.get(node) ?? []), { atMs: time.nowMs(), toMs }])
    },
  }
}
