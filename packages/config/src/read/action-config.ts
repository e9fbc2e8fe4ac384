import { type ActionSpec, isIdentifier } from '@tron/model'
import { checkTemplate } from '@tron/template'
import { checkShape } from '../problems/check-shape.ts'
import { didYouMean, nearMiss } from '../problems/near-miss.ts'
import { actionSchema, cleanupSchema, type RawAction } from '../schema/job.ts'
import { items, member, type Place, textOf } from '../yaml/located.ts'
import { heldByAction } from './held.ts'
import type { JobScope, WantedTrigger } from './job-scope.ts'
import { namedEntries } from './named-entries.ts'
import { findCycle } from './requires-graph.ts'

/** The actions of a job as read, and what else they brought up. */
export interface ActionsConfig {
  readonly actions: readonly ActionSpec[]
  readonly held: readonly string[]
  readonly triggers: readonly WantedTrigger[]
}

const ACTIONS = {
  what: 'an action',
  accepts: (name: string) => isIdentifier(name) && name !== 'cleanup',
  accepted: 'letters, digits, _ and -, starting with a letter or _; "cleanup" is taken by cleanup_action',
}

/** Reads the actions of a job and checks what they require of each other. */
export function readActions(job: Place, scope: JobScope): ActionsConfig {
  const place = member(job, 'actions')
  if (place === undefined) return { actions: [], held: [], triggers: [] }
  const before = scope.problems.errors
  const entries = namedEntries(place, ACTIONS, scope.problems)
  if (entries.length === 0 && scope.problems.errors === before) {
    scope.problems.error({ at: place.keyAt, path: place.path }, 'a job needs at least one action')
  }
  const names = new Set(entries.map(({ name }) => name))
  const read = entries.flatMap((entry) => {
    const raw = checkShape(actionSchema, entry.place, scope.problems)
    return raw === null ? [] : [{ ...entry, raw }]
  })
  for (const { name, place: action } of read) checkRequires(name, action, { names, scope })
  checkCycle(place, new Map(read.map(({ name, raw }) => [name, raw.requires ?? []])), scope)
  return {
    actions: read.map(({ name, raw, place: action }) => actionSpec(name, raw, { place: action, scope })),
    held: read.flatMap(({ raw, place: action }) => heldByAction(raw, action, scope.problems)),
    triggers: read.flatMap(({ place: action }) => wantedTriggers(action, scope)),
  }
}

/** Reads the cleanup action. Its name is `cleanup` whether it says so or not. */
export function readCleanup(job: Place, scope: JobScope): ActionsConfig {
  const place = member(job, 'cleanup_action')
  if (place === undefined) return { actions: [], held: [], triggers: [] }
  const raw = checkShape(cleanupSchema, place, scope.problems)
  const name = member(place, 'name')
  if (name !== undefined && name.located.json !== 'cleanup') {
    scope.problems.error(
      { at: name.located.at, path: name.path },
      'the cleanup action is always named "cleanup"; leave the name out',
    )
  }
  if (raw === null) return { actions: [], held: [], triggers: [] }
  return {
    actions: [actionSpec('cleanup', raw, { place, scope })],
    held: heldByAction(raw, place, scope.problems),
    triggers: wantedTriggers(place, scope),
  }
}

interface ActionPlace {
  readonly place: Place
  readonly scope: JobScope
}

function actionSpec(name: string, raw: RawAction, { place, scope }: ActionPlace): ActionSpec {
  checkCommand(place, scope)
  checkNode(place, scope)
  return {
    name,
    command: raw.command,
    requires: [...new Set(raw.requires ?? [])],
    ...(raw.node === undefined ? {} : { node: raw.node }),
    expectedRuntimeMs: raw.expected_runtime ?? 86_400_000,
    env: environment(place),
  }
}

/** The environment as text, numbers as they were written. */
function environment(action: Place): Readonly<Record<string, string>> {
  const env = member(action, 'env')
  if (env?.located.kind !== 'map') return {}
  return Object.fromEntries(
    Array.from(env.located.entries, ([key, { value }]) => [key, value.kind === 'scalar' ? value.source : '']),
  )
}

/** Checks that a reference names a node or a pool. */
export function checkNode(place: Place, scope: JobScope): void {
  const node = member(place, 'node')
  if (node === undefined || typeof node.located.json !== 'string' || scope.nodeNames.has(node.located.json))
    return
  const message = `unknown node or pool "${node.located.json}"${didYouMean(node.located.json, scope.nodeNames)}`
  scope.problems.error({ at: node.located.at, path: node.path }, message)
}

function checkCommand(action: Place, scope: JobScope): void {
  const command = member(action, 'command')
  if (command !== undefined) checkText(command, scope)
}

function checkText(place: Place, scope: JobScope): void {
  const checked = checkTemplate(textOf(place.located) ?? '', scope.commandContext)
  if (checked.ok) return
  const near = checked.variable === undefined ? undefined : nearMiss(checked.variable, checked.known)
  const known = near === undefined ? `known are ${checked.known.join(', ')}` : `did you mean "${near}"?`
  const message = checked.variable === undefined ? checked.reason : `${checked.reason}; ${known}`
  scope.problems.error({ at: place.located.at, path: place.path }, message)
}

function checkRequires(
  name: string,
  action: Place,
  { names, scope }: { readonly names: ReadonlySet<string>; readonly scope: JobScope },
): void {
  const requires = member(action, 'requires')
  for (const item of requires === undefined ? [] : items(requires)) {
    const required = textOf(item.located) ?? ''
    if (names.has(required)) continue
    const why =
      required === 'cleanup'
        ? 'the cleanup action runs last, nothing can require it'
        : `there is no such action in this job${didYouMean(required, names)}`
    scope.problems.error({ at: item.located.at, path: item.path }, `"${name}" requires "${required}": ${why}`)
  }
}

function checkCycle(actions: Place, requires: ReadonlyMap<string, readonly string[]>, scope: JobScope): void {
  const cycle = findCycle(requires)
  const [first] = cycle ?? []
  if (cycle === null || first === undefined) return
  const place =
    member(actions, first) ??
    items(actions).find((item) => member(item, 'name')?.located.json === first) ??
    actions
  const list = member(place, 'requires') ?? place
  const message = `the actions require each other in a circle: ${[...cycle, first].join(' -> ')}`
  scope.problems.error({ at: list.keyAt, path: list.path }, message)
}

/** The upstreams of `triggered_by`, whose texts are templates like commands. */
function wantedTriggers(action: Place, scope: JobScope): readonly WantedTrigger[] {
  const list = member(action, 'triggered_by')
  return (list === undefined ? [] : items(list)).map((place) => {
    checkText(place, scope)
    const upstream = (textOf(place.located) ?? '').split('.').slice(0, 3).join('.')
    return { upstream, at: place.located.at, path: place.path }
  })
}
