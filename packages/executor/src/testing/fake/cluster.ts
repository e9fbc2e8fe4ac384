import { type AttemptId, type Clock, TronError } from '@tron/model'
import type { Outcome } from '../../contract.ts'
import { createFakeNetwork, type FakeNetwork } from './network.ts'
import {
  createFakeNode,
  type FakeClaim,
  type FakeLaunch,
  type FakeNode,
  type FakeNodeOptions,
} from './node.ts'
import type { FakeScript } from './run.ts'
import { copySpool, createSpool, type FakeSpool } from './spool.ts'

export interface FakeClusterOptions {
  readonly clock: Clock
  /** What each start does; without it every command succeeds at once, silently. */
  readonly run?: FakeScript
  /** Called after each change of a node's fence. */
  readonly onClaim?: (claim: FakeClaim) => void
}

/** A copy of one node's disk, for all installations. */
export interface FakeDisk {
  readonly spools: readonly FakeSpool[]
}

/**
 * Nodes in memory that outlive executors, so that tests restart, clone and depose schedulers. A node exists as soon as it is named. Nothing takes
 * time but what a script says.
 */
export interface FakeCluster extends FakeNetwork, Disposable {
  readonly clock: Clock
  /** Every launch there ever was, oldest first. */
  readonly ledger: readonly FakeLaunch[]
  /** How often an id was launched. */
  started(id: AttemptId): number
  /** Ends a command that runs, by an exit status or otherwise. @throws ILLEGAL_STATE when it does not run */
  finish(id: AttemptId, outcome: number | Outcome): void
  /** Ends all that runs on a node as `lost`, cause `reboot`. */
  reboot(node: string): void
  /** Begins new journals: all cursors are too old. */
  rotateJournals(node: string): void
  /** A backup of a node's disk. */
  snapshot(node: string): FakeDisk
  /** Puts a backup back: what ran then is lost by the reboot; what was started since is not known there. */
  restore(node: string, disk: FakeDisk): void
  /** An independent copy of it all, on the same clock: what runs goes on in both. */
  clone(): FakeCluster
  /** For executors: the node's side of one installation. */
  at(node: string, installation: string): FakeNode
  /** For executors: calls whenever something happened on a node or a wire, until the returned function is called. */
  onChange(listener: () => void): () => void
}

export function createFakeCluster(options: FakeClusterOptions): FakeCluster {
  return buildCluster(options, { ledger: [], spools: [] })
}

interface FakeMachines {
  readonly all: () => readonly FakeNode[]
  readonly named: (node: string) => readonly FakeNode[]
  readonly at: (node: string, installation: string) => FakeNode
  readonly boot: (spool: FakeSpool) => FakeNode
  readonly remove: (node: FakeNode) => void
}

function createMachines(options: Omit<FakeNodeOptions, 'spool'>): FakeMachines {
  const nodes = new Map<string, FakeNode>()
  const boot = (spool: FakeSpool): FakeNode => {
    const node = createFakeNode({ ...options, spool })
    nodes.set(keyOf(spool), node)
    return node
  }
  return {
    boot,
    all: () => [...nodes.values()],
    named: (name) => [...nodes.values()].filter(({ spool }) => spool.node === name),
    at: (node, installation) =>
      nodes.get(keyOf({ node, installation })) ?? boot(createSpool(node, installation)),
    remove(node) {
      node.halt()
      nodes.delete(keyOf(node.spool))
    },
  }
}

function buildCluster(
  options: FakeClusterOptions,
  from: { readonly ledger: readonly FakeLaunch[]; readonly spools: readonly FakeSpool[] },
): FakeCluster {
  const { clock, run: script = () => ({ afterMs: 0 }), onClaim } = options
  const ledger = [...from.ledger]
  const listeners = new Set<() => void>()
  const onChange = (): void => {
    for (const listener of listeners) listener()
  }
  const onLaunch = (launch: FakeLaunch): void => {
    ledger.push(launch)
  }
  const machines = createMachines({ clock, script, onLaunch, onChange, onClaim })
  for (const spool of from.spools) machines.boot(spool)

  return {
    ...createFakeNetwork(onChange),
    clock,
    ledger,
    started: (id) => ledger.filter((launch) => launch.id === id).length,
    at: machines.at,
    onChange(listener) {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
    finish(id, outcome) {
      const node = machines.all().find(({ spool }) => spool.attempts.has(id))
      if (node === undefined) throw new TronError('ILLEGAL_STATE', `no node holds attempt ${id}`)
      node.finish(id, typeof outcome === 'number' ? { type: 'exited', code: outcome } : outcome)
    },
    reboot(name) {
      for (const node of machines.named(name)) node.reboot()
    },
    rotateJournals(name) {
      for (const { spool } of machines.named(name)) {
        spool.generation += 1
        spool.journal.length = 0
      }
    },
    snapshot: (name) => ({ spools: machines.named(name).map(({ spool }) => copySpool(spool)) }),
    restore(name, disk) {
      for (const node of machines.named(name)) machines.remove(node)
      for (const spool of disk.spools) {
        // A journal of that length was read before: only another generation makes its readers list what lives.
        const generation = spool.generation + 1_000_000
        machines.boot({ ...copySpool(spool), node: name, generation }).reboot()
      }
      onChange()
    },
    clone: () =>
      buildCluster(options, { ledger, spools: machines.all().map(({ spool }) => copySpool(spool)) }),
    [Symbol.dispose]() {
      for (const node of machines.all()) node.halt()
      listeners.clear()
    },
  }
}

function keyOf({ node, installation }: { readonly node: string; readonly installation: string }): string {
  return `${node}/${installation}`
}
