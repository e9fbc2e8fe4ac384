import { type ConfigRepository, type ConfigSnapshot, type Logger, messageOf, TronError } from '@tron/model'
import type { EngineHealth } from './health.ts'

export interface ConfigIntakeOptions {
  readonly config: ConfigRepository
  readonly health: EngineHealth
  readonly log: Logger
  /** Resolves when it is committed. */
  readonly apply: (snapshot: ConfigSnapshot) => Promise<void>
}

/** Hands in every new configuration, and knows what came of the newest. */
export interface ConfigIntake {
  /**
   * Resolves when the newest configuration is committed.
   *
   * @throws STORE_DEGRADED as soon as the store cannot; what was handed in waits for it. FENCED
   */
  committed(): Promise<void>
  stop(): void
}

export function startConfigIntake({ config, health, log, apply }: ConfigIntakeOptions): ConfigIntake {
  let newest = Promise.withResolvers<void>()
  newest.resolve()

  const giveUpDegraded = () => {
    if (health.state() !== 'store-degraded') return
    const text = `the configuration is stored, and is applied when the store of the state works again: ${health.reason()}`
    newest.reject(new TronError('STORE_DEGRADED', text))
  }
  health.onChange(giveUpDegraded)

  const stop = config.onChange((snapshot) => {
    const taking = Promise.withResolvers<void>()
    newest = taking
    apply(snapshot).then(taking.resolve, taking.reject)
    giveUpDegraded()
    taking.promise.catch((error: unknown) => {
      log.error('a configuration was not applied', { error: messageOf(error) })
    })
  })
  return { committed: () => newest.promise, stop }
}
