import type { FakeDisk } from '@tron/executor/fake'
import type { Command } from '../command.ts'
import { openBooks } from './books.ts'
import { CALLS_OF_A_START } from './calls.ts'
import { chance } from './chance.ts'
import { NODES } from './job-plan.ts'
import { createLogDisk } from './log-disk.ts'
import type { StoreFault } from './mortal-store.ts'
import { createOperator, type Operator, textOf } from './operator.ts'
import type { Edit, Incident, StoreFaultPlan, What } from './plan.ts'
import { Scheduler } from './scheduler.ts'
import type { Storage } from './storage.ts'
import type { World } from './world.ts'

const SECOND = 1_000
/** When the first request of a start has been sent, and the second has not. */
const BEFORE_A_RETRY_MS = 300

type Of<K extends What['kind']> = Extract<What, { kind: K }>
type Act<K extends What['kind']> = (world: World, what: Of<K>, parts: Parts) => void

/** A copy of the records, and how often their scheduler had been started. */
interface Copy {
  readonly storage: Storage
  readonly starts: number
}

interface Parts {
  readonly operator: Operator
  /** Copies that were made for an incident before it happens. */
  readonly copies: Map<Incident, Copy>
  readonly disks: Map<Incident, { readonly disk: FakeDisk; readonly atMs: number }>
  readonly incident: Incident
}

/** Sets the timers of all that happens in a plan. */
export function planIncidents(world: World): void {
  const { plan, time } = world
  const operator = createOperator(world)
  const copies = new Map<Incident, Copy>()
  const disks: Parts['disks'] = new Map()
  for (const incident of plan.incidents) {
    const { what, atMs } = incident
    if (what.kind === 'restore') {
      time.at(Math.max(plan.startMs + 60 * SECOND, atMs - what.byMs), () => {
        void makeCopy(world, (copy) => copies.set(incident, copy))
      })
    }
    if (what.kind === 'roll back' && what.byMs !== null) {
      const at = Math.max(plan.startMs, atMs - what.byMs)
      time.at(at, () => disks.set(incident, { disk: world.nodes.cluster.snapshot(what.node), atMs: at }))
    }
    time.at(atMs, () => {
      happen(world, what, { operator, copies, disks, incident })
    })
  }
}

async function makeCopy(world: World, keep: (copy: Copy) => void): Promise<void> {
  const [main] = world.schedulers
  if (main !== undefined) keep({ storage: await main.books.storage.clone(), starts: main.starts })
}

function happen<K extends What['kind']>(world: World, what: Of<K>, parts: Parts): void {
  world.coverage.add(`incident: ${what.kind}`)
  const act: Act<K> = ACTS[what.kind]
  act(world, what, parts)
}

const ACTS: { readonly [K in What['kind']]: Act<K> } = {
  kill: (world, what) => {
    const { cutOffMs } = what
    if (cutOffMs === undefined) kill(world, what)
    else
      world.atNextStart.push(() => {
        cutOff(world, what, cutOffMs)
      })
  },
  restart: (world, { downMs }) => {
    const [main] = world.schedulers
    if (main === undefined) return
    main.downMs = downMs
    void main.stop()
  },
  cut: (world, { node, forMs }) => {
    cut(world, node, forMs)
  },
  lose: (world, { node, what, count, thenCutMs }) => {
    if (world.calm) return
    world.story.tell(`the next ${count} ${what} of ${node} get lost`, [node])
    if (what === 'replies') world.nodes.cluster.loseReplies(node, count)
    else world.nodes.cluster.loseRequests(node, count)
    if (thenCutMs === undefined) return
    world.atNextStart.push(() => {
      world.time.at(world.time.nowMs() + BEFORE_A_RETRY_MS, () => {
        cut(world, node, thenCutMs)
      })
    })
  },
  hold: (world, { node, forMs }) => {
    world.story.tell(`requests to ${node} stay on the wire`, [node])
    const letGo = world.nodes.cluster.hold(node)
    world.time.at(world.time.nowMs() + forMs, () => {
      world.story.tell(`requests to ${node} arrive again`, [node])
      letGo()
    })
  },
  reboot: (world, { node }) => {
    world.story.tell(`${node} reboots`, [node])
    world.nodes.cluster.reboot(node)
  },
  rotate: (world, { node }) => {
    world.story.tell(`${node} begins a new journal`, [node])
    world.nodes.cluster.rotateJournals(node)
  },
  fill: (world, { node, forMs }) => {
    world.story.tell(`the disk of ${node} is full`, [node])
    world.nodes.fill(node, true)
    world.extraEvents.push({
      kind: 'target',
      target: world.config.targetOf(node),
      state: 'full',
      reason: 'its disk is full',
    })
    world.time.at(world.time.nowMs() + forMs, () => {
      world.nodes.fill(node, false)
    })
  },
  'roll back': (world, { node, byMs }, { disks, incident }) => {
    const disk = byMs === null ? null : (disks.get(incident) ?? null)
    world.story.tell(
      disk === null
        ? `another machine takes the name of ${node}`
        : `the disk of ${node} goes back to an older copy`,
      [node],
    )
    world.nodes.cluster.setReachable(node, false)
    world.nodes.rollBack(node, disk)
    world.time.at(world.time.nowMs() + 40 * SECOND, () => {
      world.nodes.cluster.setReachable(node, true)
    })
    if (disk !== null) return
    world.extraEvents.push({
      kind: 'target',
      target: world.config.targetOf(node),
      state: 'replaced',
      reason: 'another machine answers under its name',
    })
  },
  store: (world, { faults }) => {
    world.story.tell(`the store: ${faults.join(', ')}`)
    world.schedulers[0]?.faults.push(...faults.map(faultOf))
  },
  restore: (world, { away }, { copies, incident, operator }) => {
    const copy = copies.get(incident)
    const [main] = world.schedulers
    if (copy === undefined || main === undefined) return
    world.story.tell('the records are put back to an older copy')
    world.restored = true
    main.downMs = 60 * SECOND
    main.life?.kill('for a restore')
    void exchange(world, main, copy)
    if (away === undefined) return
    cut(world, away.node, away.forMs)
    world.time.at(world.time.nowMs() + away.givenUpMs, () => {
      void operator.giveUp(away.node)
    })
  },
  clone: (world, { forMs }) => {
    const [main] = world.schedulers
    if (main === undefined) return
    void startClone(world, main, forMs)
  },
  lease: (world, { forMs }) => {
    const storage = world.schedulers[0]?.books.storage
    world.story.tell('who holds the lease cannot renew it')
    storage?.holdRenewals(true)
    world.time.at(world.time.nowMs() + forMs, () => {
      storage?.holdRenewals(false)
    })
  },
  clock: (world, { byMs }) => {
    world.story.tell(`the clock of the scheduler is set by ${byMs} ms`)
    for (const scheduler of world.schedulers) scheduler.setClock(byMs)
  },
  command: (world, { wish, again, cutOffMs }, { operator }) => {
    const give = (): void => {
      if (cutOffMs !== undefined) for (const node of NODES) cut(world, node, cutOffMs)
      const subject = operator.find(wish)
      if (subject === null) return
      world.coverage.add(`asked: ${wish.on} ${subject.verb}`)
      void giveCommand(world, operator, { subject, again })
      if (subject.kind === 'action' && chance(world.plan.seed, 'looks', world.counts.commands) < 0.4)
        void operator.look(subject)
    }
    if (wish.on === 'job' || wish.aim !== 'starting') give()
    else world.atNextStart.push(give)
  },
  configure: (world, { edit, onceThere }) => {
    configure(world, edit)
    if (onceThere !== undefined)
      world.atNextRunOfGuest = () => {
        configure(world, onceThere)
      }
  },
}

function kill(world: World, { calls, at, downMs, losesPower }: Of<'kill'>): void {
  // Of two, the one that works.
  const main = world.schedulers.find(({ tron }) => tron !== null) ?? world.schedulers[0]
  if (main?.life == null) return
  main.downMs = downMs
  if (losesPower) {
    main.life.onDeath(() => {
      world.story.tell('with it, its machine loses power')
      main.logs.losePower()
    })
  }
  if (at !== undefined && CALLS_OF_A_START.has(at.call)) {
    main.nextKill = at
    main.life.kill('between two of its steps')
  } else if (at !== undefined) main.life.killAt(at)
  else if (calls === 0) main.life.kill('between two of its steps')
  else main.life.killAtCall(calls)
}

/** Killed when it has asked for a start and not heard the answer; when it is up again, it finds no node. */
function cutOff(world: World, what: Of<'kill'>, forMs: number): void {
  if (world.calm) return
  kill(world, { ...what, at: { when: 'after', call: 'asking for starts' }, downMs: 0 })
  world.time.at(world.time.nowMs() + BEFORE_A_RETRY_MS, () => {
    for (const node of NODES) cut(world, node, forMs)
  })
}

function cut(world: World, node: string, forMs: number): void {
  if (world.calm) return
  world.story.tell(`${node} cannot be reached`, [node])
  world.nodes.cluster.setReachable(node, false)
  world.time.at(world.time.nowMs() + forMs, () => {
    world.story.tell(`${node} can be reached again`, [node])
    world.nodes.cluster.setReachable(node, true)
  })
}

function configure(world: World, edit: Edit): void {
  const about = subjectOf(edit)
  world.counts.configurations += 1
  world.story.tell(`the configuration changes: ${edit.change} of ${about}`, [about])
  world.config.edit(edit)
}

function subjectOf(edit: Edit): string {
  if (edit.change === 'pool') return 'the pool'
  return edit.change === 'user' ? edit.on : `MASTER.${edit.job}`
}

async function giveCommand(
  world: World,
  operator: Operator,
  { subject, again }: { readonly subject: Command['subject']; readonly again: Of<'command'>['again'] },
): Promise<void> {
  if ((await operator.give(subject, again)) === null) world.story.tell(`nobody answered ${textOf(subject)}`)
}

async function exchange(world: World, scheduler: Scheduler, copy: Copy): Promise<void> {
  scheduler.books = await openBooks(copy.storage, { isCopy: true })
  // Nodes tell a copy by the starts since: where there was one, an operator may leave it to them.
  const canTell = scheduler.starts > copy.starts
  scheduler.takeOver = !canTell || chance(world.plan.seed, 'take-over') < 0.5
}

async function startClone(world: World, main: Scheduler, forMs: number): Promise<void> {
  const books = await openBooks(await main.books.storage.clone(), { isCopy: true })
  world.story.tell('a copy of the scheduler is started beside it')
  const clone = new Scheduler('the clone', world, { books, logs: createLogDisk() })
  clone.boot()
  world.time.at(world.time.nowMs() + forMs, () => {
    world.coverage.add(`clone: ${clone.tron?.status().state ?? 'down'}`)
    clone.remove()
  })
}

function faultOf(fault: StoreFaultPlan): StoreFault {
  switch (fault) {
    case 'late':
      return { kind: 'late', ms: 1_700 }
    case 'full':
    case 'unavailable':
      return { kind: fault }
    case 'ambiguous, applied':
    case 'ambiguous, not applied':
      return { kind: 'ambiguous', applied: fault === 'ambiguous, applied' }
  }
}
