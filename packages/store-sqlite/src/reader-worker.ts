/** The thread that answers queries, on a connection of its own: it never holds up the writer, nor the writer it. */
import { rename, rm } from 'node:fs/promises'
import { TronError } from '@tron/model'
import type { ReaderCalls } from './messages.ts'
import { createReader, type Reader } from './reader.ts'
import { copyDatabase, type Database, openDatabase } from './sqlite.ts'
import { handlerMap, settingsOfWorker } from './unsafe-messages.ts'
import { type Handlers, serve } from './worker-server.ts'

const { file, busyMs } = settingsOfWorker()
let database: Database | null = null
let reader: Reader | null = null
const aborted = new Set<number>()

function ready(): Reader {
  database ??= openDatabase(file, { busyMs, readOnly: true })
  reader ??= createReader(database)
  return reader
}

/** The copy appears whole or not at all. It is of one instant: a snapshot is held, else every commit would make SQLite begin anew. */
async function backUp({ to, id }: ReaderCalls['backup']['args']): Promise<null> {
  const partial = `${to}.partial`
  const source = openDatabase(file, { busyMs, readOnly: true })
  try {
    source.exec('BEGIN; SELECT seq FROM head')
    await copyDatabase(source, partial, () => {
      if (aborted.has(id)) throw new TronError('STORE_DEGRADED', 'the backup was given up')
    })
    await rename(partial, to)
    return null
  } finally {
    aborted.delete(id)
    source.close()
    await rm(partial, { force: true })
  }
}

const handlers: Handlers<ReaderCalls> = {
  query: ({ plan }) => ready().query(plan),
  backup: backUp,
  abortBackup({ id }) {
    aborted.add(id)
    return null
  },
}

serve({ file, handlers: handlerMap(handlers), close: () => database?.close() })
