import { messageOf, TronError } from '@tron/model'
import type { IssuedPair, TableName } from '@tron/store'
import { planOf } from '@tron/store/adapter'
import type { EncodedChange } from './encode.ts'
import type { CommitArgs, CommitReply, WriterCalls } from './messages.ts'
import { quoted } from './schema.ts'
import { type Database, readRows, type SqlValue, type Statement, sqlFailure } from './sqlite.ts'
import { createStatements, type Statements } from './statements.ts'
import { describe } from './wire-error.ts'

/** The one connection that writes. Every method is one transaction, and blocks its thread until that is on the disk. */
export interface Writer {
  acquire(args: WriterCalls['acquire']['args']): WriterCalls['acquire']['result']
  /** Commits that wait together share one transaction and one flush; each of them is still all or nothing. Never throws. */
  commit(commits: readonly CommitArgs[]): readonly CommitReply[]
  lastSeq(pair: IssuedPair): number | null
  prune(args: WriterCalls['prune']['args']): WriterCalls['prune']['result']
}

/** Prepares a connection whose schema is current; `file` is for messages. */
export function createWriter(database: Database, file: string): Writer {
  database.exec('PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864')
  return new SqliteWriter(database, file)
}

/** A key was appended that is there already: undoes one commit, not its neighbours. */
class DuplicateKey extends Error {
  readonly table: TableName
  readonly key: string

  constructor(table: TableName, key: string) {
    super('duplicate key')
    this.table = table
    this.key = key
  }
}

class SqliteWriter implements Writer {
  readonly #database: Database
  readonly #file: string
  readonly #statements: Statements
  readonly #advance: Statement
  readonly #head: Statement

  constructor(database: Database, file: string) {
    this.#database = database
    this.#file = file
    this.#statements = prepareStatements(database, file)
    this.#advance = database.prepare(
      'UPDATE head SET seq = ?, atMs = ? WHERE id = 1 AND epoch = ? AND nonce = ? AND seq = ?',
    )
    this.#head = database.prepare('SELECT epoch, nonce, seq FROM head WHERE id = 1')
  }

  acquire({
    who,
    nonce,
    atLeastEpoch,
    atMs,
  }: WriterCalls['acquire']['args']): WriterCalls['acquire']['result'] {
    return this.#transaction(() => {
      const { epoch: before, seq } = this.#readHead()
      const epoch = Math.max(before + 1, atLeastEpoch)
      const { changes } = this.#database.prepare('UPDATE head SET epoch = ?, nonce = ?').run(epoch, nonce)
      if (changes !== 1) throw new Error('the row of head is missing')
      const insert = this.#database.prepare('INSERT INTO pairs VALUES (?, ?, ?, ?, ?)')
      insert.run(epoch, nonce, who.host, who.pid, atMs)
      return { epoch, seq, issued: this.#issued() }
    })
  }

  commit(commits: readonly CommitArgs[]): readonly CommitReply[] {
    let step = 'begin'
    try {
      this.#database.exec('BEGIN IMMEDIATE')
      step = 'changes'
      const replies = commits.length === 1 ? commits.map((one) => this.#take(one)) : this.#takeGroup(commits)
      step = 'commit'
      this.#database.exec(replies.some(({ ok }) => ok) ? 'COMMIT' : 'ROLLBACK')
      return replies
    } catch (error) {
      this.#rollback()
      return commits.map(() => this.#failed(error, step))
    }
  }

  lastSeq(pair: IssuedPair): number | null {
    const head = this.#readHead()
    return isSame(head, pair) ? head.seq : null
  }

  prune({ runs, maxRows, ...pair }: WriterCalls['prune']['args']): WriterCalls['prune']['result'] {
    return this.#transaction(() => {
      if (!isSame(this.#readHead(), pair)) return null
      let rows = 0
      for (const run of runs) {
        const count = this.#statements.countRun(run)
        if (rows > 0 && rows + count > maxRows) return { rows, more: true }
        if (count > 0) this.#statements.deleteRun(run)
        rows += count
      }
      return { rows, more: false }
    })
  }

  /** Each commit within a savepoint, so that one that is refused takes nothing with it. */
  #takeGroup(commits: readonly CommitArgs[]): readonly CommitReply[] {
    return commits.map((one) => {
      this.#database.exec('SAVEPOINT one')
      const reply = this.#take(one)
      this.#database.exec(reply.ok ? 'RELEASE one' : 'ROLLBACK TO one; RELEASE one')
      return reply
    })
  }

  #take(commit: CommitArgs): CommitReply {
    const { epoch, nonce, seq, atMs } = commit
    if (this.#advance.run(seq, atMs, epoch, nonce, seq - 1).changes !== 1) {
      const head = this.#readHead()
      if (!isSame(head, commit)) return { ok: false, why: 'fenced' }
      return { ok: false, why: 'conflict', newest: head.seq }
    }
    try {
      for (const change of commit.changes) this.#apply(change)
      for (const cursor of commit.cursors) this.#statements.put('cursors').run(...cursor)
      return { ok: true }
    } catch (error) {
      if (!(error instanceof DuplicateKey)) throw error
      return { ok: false, why: 'duplicate', table: error.table, key: error.key }
    }
  }

  #apply({ op, table, values }: EncodedChange): void {
    if (op === 'put') this.#statements.put(table).run(...values)
    else if (op === 'remove') this.#statements.remove(table).run(...values)
    else this.#append(table, values)
  }

  #append(table: TableName, values: readonly SqlValue[]): void {
    try {
      this.#statements.append(table).run(...values)
    } catch (error) {
      if (sqlFailure(error) !== 'duplicate') throw error
      const { key, columns } = planOf(table)
      throw new DuplicateKey(table, String(values[columns.findIndex(({ name }) => name === key)]))
    }
  }

  #failed(error: unknown, step: string): CommitReply {
    const failure = sqlFailure(error)
    const described = describe(error, this.#file)
    if (failure === 'full') return { ok: false, why: 'full', error: described }
    // Where the flush itself failed, the pages may yet be found after a crash: only what is read back settles it.
    return {
      ok: false,
      why: failure === 'io' && step === 'commit' ? 'ambiguous' : 'unavailable',
      error: described,
    }
  }

  #transaction<T>(run: () => T): T {
    this.#database.exec('BEGIN IMMEDIATE')
    try {
      const result = run()
      this.#database.exec('COMMIT')
      return result
    } catch (error) {
      this.#rollback()
      throw error
    }
  }

  /** A full disk, and some other errors, have rolled back already; a ROLLBACK would then be an error of its own. */
  #rollback(): void {
    if (this.#database.isTransaction) this.#database.exec('ROLLBACK')
  }

  #readHead(): IssuedPair & { readonly seq: number } {
    const [[epoch, nonce, seq] = []] = readRows(this.#head)
    return { epoch: Number(epoch), nonce: String(nonce), seq: Number(seq) }
  }

  #issued(): readonly IssuedPair[] {
    const all = this.#database.prepare(`SELECT epoch, nonce FROM ${quoted('pairs')} ORDER BY epoch`)
    return readRows(all).map(([epoch, nonce]) => ({ epoch: Number(epoch), nonce: String(nonce) }))
  }
}

/** @throws STORE_CORRUPT where the tables are not those of the version that the database states */
function prepareStatements(database: Database, file: string): Statements {
  try {
    return createStatements(database)
  } catch (cause) {
    if (sqlFailure(cause) !== 'other') throw cause
    throw new TronError('STORE_CORRUPT', `${file} lacks what its version has: ${messageOf(cause)}`, { cause })
  }
}

/** Whether this pair is the newest that was issued. */
export function isSame(head: IssuedPair, pair: IssuedPair): boolean {
  return head.epoch === pair.epoch && head.nonce === pair.nonce
}
