import { EXECUTOR_API, type ExecutorModule } from '@tron/executor'
import { createNodeExecutor } from '@tron/node-protocol'
import { z } from 'zod'
import { localTransport } from './local-transport.ts'

/** The options of this executor in the daemon's settings, all with defaults. */
const localOptions = z.strictObject({
  /** How old the shell that commands are asked of may become, in milliseconds, before it is started anew. */
  sessionMaxAgeMs: z.number().int().positive().default(3_600_000),
})

/** Runs commands on the daemon's own machine; they outlive the daemon. */
export const executor: ExecutorModule = {
  apiVersion: EXECUTOR_API,
  name: 'local',
  options: localOptions,
  async create(options, host) {
    const { sessionMaxAgeMs } = localOptions.parse(options ?? {})
    return createNodeExecutor({ transport: localTransport, host, sessionMaxAgeMs })
  },
}
