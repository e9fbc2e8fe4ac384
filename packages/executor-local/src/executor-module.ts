import { EXECUTOR_API, type ExecutorModule } from '@tron/executor'
import { createNodeExecutor } from '@tron/node-protocol'
import { z } from 'zod'
import { localTransport } from './local-transport.ts'

/** Runs commands on the daemon's own machine; they outlive the daemon. It has no options. */
export const executor: ExecutorModule = {
  apiVersion: EXECUTOR_API,
  name: 'local',
  options: z.strictObject({}),
  create: async (_options, host) => createNodeExecutor({ transport: localTransport, host }),
}
