/** The thread that writes. The main thread is never held up by a disk; this one is, all the time. */

import { TronError } from '@tron/model'
import type { WriterCalls } from './messages.ts'
import { migrate, schemaState } from './migrate.ts'
import { openSnapshot, type Snapshot } from './snapshot.ts'
import { type Database, openDatabase, readNumber } from './sqlite.ts'
import { commitsOf, handlerMap, settingsOfWorker } from './unsafe-messages.ts'
import { type Handlers, serve } from './worker-server.ts'
import { createWriter, type Writer } from './writer.ts'

const { file, busyMs } = settingsOfWorker()
let database: Database | null = null
let writer: Writer | null = null
const snapshots = new Map<number, Snapshot>()

/** Opened by the first call, so that a failure is that call's answer. */
function opened(): Database {
  database ??= openDatabase(file, { busyMs })
  return database
}

function ready(): Writer {
  writer ??= createWriter(opened(), file)
  return writer
}

function snapshotOf(id: number): Snapshot {
  const snapshot = snapshots.get(id)
  if (snapshot === undefined)
    throw new TronError('STORE_DEGRADED', 'the snapshot that was being read is gone')
  return snapshot
}

const handlers: Omit<Handlers<WriterCalls>, 'commit'> = {
  inspect() {
    if (schemaState(opened(), { file }) !== 'current') return { ready: false, seq: 0 }
    ready()
    return { ready: true, seq: readNumber(opened(), 'SELECT seq FROM head') }
  },
  migrate() {
    migrate(opened(), { file })
    return null
  },
  acquire: (args) => ready().acquire(args),
  lastSeq: (pair) => ready().lastSeq(pair),
  prune: (args) => ready().prune(args),
  loadStart({ id, ...pair }) {
    const snapshot = openSnapshot(file, busyMs, pair)
    if (snapshot !== null) snapshots.set(id, snapshot)
    return snapshot !== null
  },
  loadNext: ({ id }) => snapshotOf(id).next(),
  loadEnd({ id }) {
    snapshots.get(id)?.close()
    snapshots.delete(id)
    return null
  },
}

serve({
  file,
  handlers: handlerMap(handlers),
  grouped: { kind: 'commit', handle: (args) => ready().commit(commitsOf(args)) },
  close() {
    for (const snapshot of snapshots.values()) snapshot.close()
    database?.close()
  },
})
