import type { LogFields, Logger } from '@tron/model'
import {
  type DestinationStream,
  destination as fileDescriptor,
  type Logger as Pino,
  pino,
  stdSerializers,
} from 'pino'
import { prettyFactory } from 'pino-pretty'

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

/** Where lines go: anything that takes text. `hasColors` is asked when lines are made readable. */
export interface LogDestination {
  write(text: string): unknown
  hasColors?(): boolean
}

export interface LoggerOptions {
  /** The least severe level that is written. */
  readonly level: LogLevel
  /** Lines for people instead of one JSON object a line. */
  readonly pretty: boolean
  /** The standard output when left out. A reader of it that goes away is not an error. */
  readonly destination?: LogDestination
}

/** The daemon's log: JSON lines for machines (`level`, `time` in ISO 8601, the fields, `msg`), or readable lines for a terminal. Each line is written before the call returns. */
export function createLogger(options: LoggerOptions): Logger {
  const sink = options.destination ?? standardOutput()
  const log = pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: stdSerializers.err, error: stdSerializers.err, cause: stdSerializers.err },
    },
    options.pretty ? readable(sink, options.destination ?? process.stdout) : plain(sink),
  )
  return wrap(log)
}

function standardOutput(): DestinationStream {
  return fileDescriptor({ fd: 1, sync: true })
}

function plain(sink: LogDestination): DestinationStream {
  return {
    write(line) {
      sink.write(line)
    },
  }
}

function readable(sink: LogDestination, terminal: LogDestination): DestinationStream {
  const format = prettyFactory({
    colorize: terminal.hasColors?.() === true,
    translateTime: 'SYS:yyyy-mm-dd HH:MM:ss.l',
    singleLine: true,
    errorLikeObjectKeys: ['err', 'error', 'cause'],
  })
  return {
    write(line) {
      sink.write(format(line))
    },
  }
}

function wrap(log: Pino): Logger {
  return {
    debug: (message, fields) => {
      log.debug(fields ?? {}, message)
    },
    info: (message, fields) => {
      log.info(fields ?? {}, message)
    },
    warn: (message, fields) => {
      log.warn(fields ?? {}, message)
    },
    error: (message, fields) => {
      log.error(fields ?? {}, message)
    },
    child: (fields: LogFields) => wrap(log.child({ ...fields })),
  }
}
