import { formatProblems } from '@tron/config'
import { type ConfigRepository, TronError } from '@tron/model'

/**
 * A repository whose `read` refuses what has an error anywhere. The daemon starts with it: leaving a bad namespace out would look as if its jobs
 * had been removed. @throws CONFIG_INVALID with every error as file:line:column
 */
export function strictConfig(config: ConfigRepository): ConfigRepository {
  return {
    ...config,
    read: async () => {
      const snapshot = await config.read()
      const errors = snapshot.problems.filter(({ severity }) => severity === 'error')
      if (errors.length === 0) return snapshot
      throw new TronError('CONFIG_INVALID', `the configuration is not valid:\n${formatProblems(errors)}`, {
        hint: 'Correct the places named, then start again.',
        details: { problems: errors },
      })
    },
  }
}
