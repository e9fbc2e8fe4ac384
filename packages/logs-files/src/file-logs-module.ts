import { LOGS_API, type LogStoreModule } from '@tron/logs'
import { z } from 'zod'
import { createFileLogs } from './file-logs.ts'

const OPTIONS = z.strictObject({
  /** Where output is kept; made when it does not exist. */
  directory: z.string().min(1),
})

/** The module `files`: output in files below one directory of this machine. */
export const logs: LogStoreModule = {
  apiVersion: LOGS_API,
  name: 'files',
  options: OPTIONS,
  async open(options, host) {
    const { directory } = OPTIONS.parse(options)
    return createFileLogs({ directory, clock: host.clock, log: host.log })
  },
}
