import type { Executor, Fence } from '@tron/executor'
import { type ConfigSnapshot, type Logger, messageOf, TronError } from '@tron/model'
import type { Lease, Store } from '@tron/store'
import type { TronOptions } from '../tron.ts'
import { type GuardedExecutor, guardExecutor } from './guard-executor.ts'
import type { OpenState } from './open-state.ts'
import type { Targets } from './targets.ts'

/** Parses options by the module's own schema. @throws SETTINGS, naming the part and the key */
async function checkedOptions(
  what: string,
  schema: { readonly '~standard': StandardValidator },
  options: unknown,
): Promise<unknown> {
  const result = await schema['~standard'].validate(options)
  if (result.issues === undefined) return result.value
  const issues = result.issues.map((issue) => `${pathOf(issue.path)}${issue.message}`)
  throw new TronError('SETTINGS', `options of ${what}: ${issues.join('; ')}`)
}

type PathPart = PropertyKey | { readonly key: PropertyKey }

interface StandardValidator {
  validate(value: unknown): StandardResult | Promise<StandardResult>
}

type StandardResult =
  | { readonly value: unknown; readonly issues?: undefined }
  | {
      readonly issues: readonly {
        readonly message: string
        readonly path?: readonly PathPart[] | undefined
      }[]
    }

function pathOf(path: readonly PathPart[] | undefined): string {
  if (path === undefined || path.length === 0) return ''
  return `${path.map((part) => String(typeof part === 'object' ? part.key : part)).join('.')}: `
}

export async function openStore(options: TronOptions): Promise<Store> {
  const { module, options: given } = options.store
  const checked = await checkedOptions(`store "${module.name}"`, module.options, given)
  return module.open(checked, {
    log: options.log.child({ part: 'store' }),
    clock: options.clock,
    random: options.random,
  })
}

/** Makes every executor of the settings with one fence. When one cannot be made, those before it are disposed. */
export async function createExecutors(
  options: TronOptions,
  fence: Fence,
): Promise<ReadonlyMap<string, GuardedExecutor>> {
  const made = new Map<string, GuardedExecutor>()
  try {
    for (const [name, { module, options: given }] of Object.entries(options.executors)) {
      const checked = await checkedOptions(`executor "${name}"`, module.options, given)
      const executor: Executor = await module.create(checked, {
        name,
        log: options.log.child({ executor: name }),
        clock: options.clock,
        random: options.random,
        fence,
        secret: (ref) => options.secrets.resolve(ref),
      })
      made.set(name, guardExecutor({ name, executor, clock: options.clock, log: options.log }))
    }
    return made
  } catch (error) {
    await disposeExecutors(made, options)
    throw error
  }
}

/** Tells all executors at once what should be reachable: one that does not answer keeps no other waiting. Never rejects. */
export async function nameTargets(
  executors: ReadonlyMap<string, GuardedExecutor>,
  { targets, log }: { readonly targets: Targets; readonly log: Logger },
): Promise<void> {
  const named = Array.from(executors, async ([name, executor]) => {
    try {
      await executor.setTargets(targets.configs(name))
    } catch (error) {
      log.error('an executor did not take its targets', { executor: name, error: messageOf(error) })
    }
  })
  await Promise.all(named)
}

/** Ends all executors at once; one that cannot be ended, or not in time, is left behind. Never rejects. */
export async function disposeExecutors(
  executors: ReadonlyMap<string, GuardedExecutor>,
  { log }: { readonly log: Logger },
): Promise<void> {
  const ended = Array.from(executors, async ([name, executor]) => {
    try {
      await executor[Symbol.asyncDispose]()
    } catch (error) {
      log.warn('an executor could not be disposed', { executor: name, error: messageOf(error) })
    }
  })
  await Promise.all(ended)
}

/** Lets the next scheduler have the store, as soon as may be. Never rejects: a lease that is not given back ends by itself. */
export async function releaseLease(lease: Lease, { log }: { readonly log: Logger }): Promise<void> {
  try {
    await lease.release()
  } catch (error) {
    log.warn('the lease could not be given back', { error: messageOf(error) })
  }
}

/** Such as `2026-03-01 04:05:06`. */
const SINCE = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'medium', timeZone: 'UTC' })

/** The fence of this start. */
export function fenceOf(options: TronOptions, state: OpenState, takeOver: readonly string[]): Fence {
  const { lease, installation } = state
  const { host, pid } = options.owner
  return {
    installation,
    epoch: lease.epoch,
    nonce: lease.nonce,
    holder: `trond on ${host}, pid ${pid}, since ${SINCE.format(options.clock.nowMs())} UTC`,
    issued: lease.issued,
    takeOver,
  }
}

export function nodeNames(snapshot: ConfigSnapshot): readonly string[] {
  return Object.keys(snapshot.nodes)
}
