import { Worker } from 'node:worker_threads'
import { messageOf, TronError } from '@tron/model'
import type { ConfigSource } from '../read/parse-config.ts'
import { type ReadConfig, readConfig } from '../read/read-config.ts'
import { readMessage } from './unsafe-message.ts'

/** Reads configurations. */
export interface ConfigParser {
  /** @throws CONFIG_INVALID when the reader itself gave up, for want of memory */
  read(source: ConfigSource): Promise<ReadConfig>
}

/**
 * Reads each configuration in a thread of its own that ends with it: the caller goes on meanwhile, the memory that YAML takes is given back, and
 * the stack is as deep as documents may be.
 */
export function createConfigParser(): ConfigParser {
  return { read: readApart }
}

/** Reads in the thread that calls, to no more than its stack allows: for programs that have nothing else to do. */
export const parseHere: ConfigParser = {
  read: (source) => Promise.resolve(readConfig(source)),
}

/** Deep enough for the depth that a thread is asked to read, also before its code is compiled. */
const STACK_MB = 64

/** Lists and mappings in one another, as a thread with that stack reads them. */
export const DEPTH_APART = 1500

const IS_SOURCE = import.meta.url.endsWith('.ts')

async function readApart(source: ConfigSource): Promise<ReadConfig> {
  // The compiler rewrites the endings of imports, not of URLs; from source, the thread's imports must lead to source as well.
  const module = new URL(IS_SOURCE ? './parse-thread.ts' : './parse-thread.js', import.meta.url)
  const worker = new Worker(module, {
    name: 'tron-config',
    workerData: { ...source, limits: { ...source.limits, maxDepth: DEPTH_APART } },
    resourceLimits: { stackSizeMb: STACK_MB },
    ...(IS_SOURCE ? { execArgv: ['--conditions=@tron/source'] } : {}),
  })
  const { promise, resolve, reject } = Promise.withResolvers<ReadConfig>()
  worker.once('message', (message: unknown) => resolve(readMessage(message)))
  worker.once('error', (error: unknown) => reject(gaveUp(error)))
  worker.once('exit', (code) => reject(gaveUp(new Error(`the thread ended with status ${code}`))))
  return promise
}

function gaveUp(cause: unknown): TronError {
  const isFull = cause instanceof Error && 'code' in cause && cause.code === 'ERR_WORKER_OUT_OF_MEMORY'
  const why = isFull ? 'it takes more memory than there is' : messageOf(cause)
  return new TronError('CONFIG_INVALID', `the configuration cannot be read: ${why}`, {
    cause,
    ...(isFull ? { hint: 'Split it, or allow smaller ones only with --max-config-size.' } : {}),
  })
}
