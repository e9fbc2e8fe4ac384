import { type ActionSpec, isIdentifier } from '@tron/model'
import { checkTemplate, type TemplateFault, triggerTemplates } from '@tron/template'
import { checkShape } from '../problems/check-shape.ts'
import type { NearMisses } from '../problems/near-miss.ts'
import type { ProblemList } from '../problems/problem-list.ts'
import { CONTAINER_SHAPE, isOfContainers } from '../schema/container.ts'
import { actionSchema, cleanupSchema, type RawAction } from '../schema/job.ts'
import { isNodeName } from '../schema/values.ts'
import { asJson } from '../unsafe-json.ts'
import { describeFound, isNull, items, member, type Place, textOf } from '../yaml/located.ts'
import { type Held, heldByAction, heldByNode } from './held.ts'
import type { JobScope, PublishedBy, TriggerText } from './job-scope.ts'
import { type NamedEntry, namedEntries } from './named-entries.ts'
import { findCycles } from './requires-graph.ts'
import { checkAllSendable, checkEnvironment } from './sendable.ts'

/** The actions of a job as read, and what else they brought up. */
export interface ActionsConfig {
  readonly actions: readonly ActionSpec[]
  readonly held: readonly Held[]
  readonly triggers: readonly TriggerText[]
  readonly published: readonly PublishedBy[]
}

const ACTIONS = {
  what: 'an action',
  accepts: (name: string) => isIdentifier(name) && name !== 'cleanup',
  accepted: 'letters, digits, _ and -, starting with a letter or _; "cleanup" is taken by cleanup_action',
  keys: { all: new Set(Object.keys(actionSchema.shape)), telling: ['name', 'command'] },
  form: (text: string) => ['NAME', `command: ${text === '' ? 'COMMAND' : JSON.stringify(text)}`] as const,
}

/** Reads the actions of a job and checks what they require of each other. One that is wrong is left out; the rest of it is checked all the same. */
export function readActions(job: Place, scope: JobScope): ActionsConfig {
  const place = member(job, 'actions')
  if (place === undefined) return NONE
  const before = scope.problems.errors
  const { entries, names } = namedEntries(place, ACTIONS, scope.problems)
  if (entries.length === 0 && names !== null && scope.problems.errors === before) {
    scope.problems.error({ at: place.keyAt, path: place.path }, 'a job needs at least one action')
  }
  const read = entries.map((entry) => {
    if (names !== null) checkRequires(entry, names, scope)
    return readAction(entry.name, entry.place, { schema: actionSchema, scope })
  })
  checkCycles(
    entries.filter(({ isNamed }) => isNamed),
    scope,
  )
  return joined(read)
}

/** Reads the cleanup action. Its name is `cleanup` whether it says so or not. */
export function readCleanup(job: Place, scope: JobScope): ActionsConfig {
  const place = member(job, 'cleanup_action')
  if (place === undefined) return NONE
  const name = member(place, 'name')
  if (name !== undefined && !name.located.isFaulty && name.located.json !== 'cleanup') {
    scope.problems.error(
      { at: name.located.at, path: name.path },
      'the cleanup action is always named "cleanup"; leave the name out',
    )
  }
  return readAction('cleanup', place, { schema: cleanupSchema, scope })
}

const NONE: ActionsConfig = { actions: [], held: [], triggers: [], published: [] }

function joined(parts: readonly ActionsConfig[]): ActionsConfig {
  return {
    actions: parts.flatMap(({ actions }) => actions),
    held: parts.flatMap(({ held }) => held),
    triggers: parts.flatMap(({ triggers }) => triggers),
    published: parts.flatMap(({ published }) => published),
  }
}

interface ActionReading {
  readonly schema: typeof actionSchema | typeof cleanupSchema
  readonly scope: JobScope
}

function readAction(name: string, place: Place, { schema, scope }: ActionReading): ActionsConfig {
  const { problems, executors } = scope
  const raw: RawAction | null = checkShape(schema, place, problems)
  checkTexts(place, scope)
  for (const key of ['command', 'triggered_by', 'trigger_downstreams']) {
    const found = member(place, key)
    if (found !== undefined) checkAllSendable(found, problems)
  }
  checkEnvironment(place, problems)
  checkNode(place, scope)
  checkExecutor(place, problems)
  const triggers = wantedTriggers(name, place)
  if (raw === null) return { ...NONE, triggers }
  const action: ActionSpec = {
    name,
    command: raw.command,
    requires: [...new Set(raw.requires ?? [])],
    ...(raw.node === undefined ? {} : { node: raw.node }),
    expectedRuntimeMs: raw.expected_runtime ?? 86_400_000,
    env: environment(place),
    ...containerOf(raw),
  }
  const held = [
    ...heldByAction(raw, place, { executors, problems }),
    ...heldByNode(place, scope.heldByNode.get(raw.node ?? '') ?? [], problems),
  ]
  const downstreams = triggerTemplates(member(place, 'trigger_downstreams')?.located.json ?? null)
  return { actions: [action], held, triggers, published: [{ action: name, triggers: downstreams }] }
}

/** What runs in a container says in what; what would run on Mesos is refused. */
function checkExecutor(action: Place, problems: ProblemList): void {
  const executor = member(action, 'executor')
  const name = executor && textOf(executor.located)
  if (executor === undefined || name === undefined) return
  if (name === 'mesos') {
    const message =
      'Mesos is retired, nothing runs there any more; write executor: kubernetes, or leave the key out to run it by ssh'
    problems.error({ at: executor.located.at, path: executor.path }, message)
  }
  if (!isOfContainers(name) || action.located.isFaulty) return
  for (const key of ['docker_image', 'cpus', 'mem']) {
    const found = member(action, key)
    if (found !== undefined && (found.located.isFaulty || !isNull(found.located))) continue
    problems.error(
      { at: executor.keyAt, path: executor.path },
      `executor: ${name} needs the key "${key}", too`,
    )
  }
  checkImage(member(action, 'docker_image'), problems)
}

function checkImage(image: Place | undefined, problems: ProblemList): void {
  if (image === undefined || textOf(image.located)?.trim() !== '') return
  const message = `found ${describeFound(image.located)}, expected the image of a container`
  problems.error({ at: image.located.at, path: image.path }, message)
}

/** Who runs an action in a container, and in which. */
function containerOf(raw: RawAction): Pick<ActionSpec, 'executor' | 'container'> {
  const { executor } = raw
  if (!isOfContainers(executor)) return {}
  const keys = Object.entries(raw).filter(([key, value]) => key in CONTAINER_SHAPE && value !== undefined)
  return { executor, container: asJson(Object.fromEntries(keys)) }
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
export function checkNode(place: Place, { nodeNames, problems }: JobScope): void {
  const node = member(place, 'node')
  const name = node && textOf(node.located)
  if (node === undefined || name === undefined || nodeNames === null || nodeNames.has(name)) return
  // What no node can be called has been told already.
  if (!isNodeName(name)) return
  problems.error(
    { at: node.located.at, path: node.path },
    () =>
      `unknown node or pool "${name}"${problems.near.didYouMean(name, nodeNames) || whatThereIs(nodeNames)}`,
  )
}

/** More names than these are not read in a message. */
const MOST_NAMES = 10

function whatThereIs(nodeNames: ReadonlySet<string>): string {
  if (nodeNames.size === 0) return '; MASTER has no nodes yet'
  const names: string[] = []
  for (const name of nodeNames) if (names.push(name) === MOST_NAMES) break
  const more = nodeNames.size > names.length ? `, and ${nodeNames.size - names.length} more` : ''
  return `; MASTER has ${names.join(', ')}${more}`
}

/** Checks everything in an action that is filled in when it runs. */
function checkTexts(action: Place, scope: JobScope): void {
  const command = member(action, 'command')
  if (command !== undefined) checkText(command, scope)
  for (const item of items(member(action, 'triggered_by'))) checkText(item, scope)
  const published = member(action, 'trigger_downstreams')
  if (published?.located.kind !== 'map') return
  for (const key of published.located.entries.keys()) {
    const value = member(published, key)
    if (value === undefined) continue
    checkTemplateAt(
      key,
      { at: value.keyAt, path: value.path, end: Math.max(value.keyAt, value.located.at) },
      scope,
    )
    checkText(value, scope)
  }
}

function checkText({ located, path }: Place, scope: JobScope): void {
  const template = textOf(located)
  if (template !== undefined && located.kind === 'scalar')
    checkTemplateAt(template, { at: located.at, path, end: located.end }, scope)
}

interface TextPlace {
  readonly at: number
  readonly end: number
  readonly path: string
}

function checkTemplateAt(template: string, { at, end, path }: TextPlace, scope: JobScope): void {
  const { commandContext, problems } = scope
  // One that is empty as it is written has been told already.
  if (template.trim() === '' || commandContext === null) return
  const checked = checkTemplate(template, commandContext)
  if (checked.ok) return
  const told = { known: checked.known, near: problems.near, isTold: false }
  for (const fault of checked.faults) {
    const inText = problems.within({ value: template, at, end }, fault.at)
    problems.error({ at: inText, path }, () => `${fault.reason}${meantBy(fault, told)}`)
  }
}

interface KnownVariables {
  readonly known: readonly string[]
  readonly near: NearMisses
  /** Once is enough for one command. */
  isTold: boolean
}

/** What to write for a variable that is not known: the one that was probably meant, or all there are. Some reasons say already what to do. */
function meantBy({ variable, reason, among }: TemplateFault, told: KnownVariables): string {
  if (among !== undefined) return told.near.didYouMean(among.word, among.words)
  if (variable === undefined || reason.includes(';')) return ''
  const meant = told.near.didYouMean(variable, told.known)
  if (meant !== '') return meant
  const known = told.isTold ? '' : `; known are ${told.known.join(', ')}`
  told.isTold = true
  return `; write "{{" and "}}" for braces that the command itself needs${known}`
}

function checkRequires({ name, place }: NamedEntry, names: ReadonlySet<string>, scope: JobScope): void {
  for (const item of items(member(place, 'requires'))) {
    const required = textOf(item.located)
    // What no action can be called has been told already.
    if (required === undefined || names.has(required) || !isIdentifier(required)) continue
    const why = () => {
      if (required === 'cleanup') return 'the cleanup action runs last, nothing can require it'
      const others = [...names].filter((other) => other !== name)
      return `there is no such action in this job${scope.problems.near.didYouMean(required, others)}`
    }
    scope.problems.error(
      { at: item.located.at, path: item.path },
      () => `"${name}" requires "${required}": ${why()}`,
    )
  }
}

function checkCycles(entries: readonly NamedEntry[], { problems }: JobScope): void {
  const places = new Map(entries.map(({ name, place }) => [name, place]))
  const requires = new Map(entries.map(({ name, place }) => [name, requirementsOf(place)]))
  for (const cycle of findCycles(requires)) {
    const [first = ''] = cycle
    const place = places.get(first)
    if (place === undefined) continue
    const list = member(place, 'requires') ?? place
    const message = `the actions require each other in a circle: ${[...cycle, first].join(' -> ')}`
    problems.error({ at: list.keyAt, path: list.path }, message)
  }
}

function requirementsOf(action: Place): readonly string[] {
  return items(member(action, 'requires')).flatMap(({ located }) => textOf(located) ?? [])
}

/** The texts of `triggered_by`. */
function wantedTriggers(name: string, action: Place): readonly TriggerText[] {
  return items(member(action, 'triggered_by')).flatMap((place) => {
    const text = textOf(place.located)
    if (text === undefined) return []
    return [{ by: name, text, at: place.located.at, path: place.path }]
  })
}
