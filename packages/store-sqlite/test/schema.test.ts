import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { QUERIES, SCHEMA_VERSION, TABLES } from '@tron/store'
import {
  type Database,
  type Migration,
  migrate,
  openDatabase,
  schemaSql,
  schemaState,
  selectSql,
} from '@tron/store-sqlite/internal/parts'
import { describe, expect, it } from 'vitest'
import { scratchDirectory } from './sqlite-fixture.ts'

interface Condition {
  readonly column: string
  readonly op: '=' | '<' | 'in'
}

const FILE = 'tron.sqlite'
const VERSIONS = Array.from({ length: SCHEMA_VERSION }, (_, at) => at + 1)

/** A database as this version made it: its schema was written down then and is never changed. */
function databaseOf(version: number): Database {
  const database = openDatabase(':memory:', { busyMs: 0 })
  database.exec(readFileSync(new URL(`schemas/version-${version}.sql`, import.meta.url), 'utf8'))
  return database
}

function current(): Database {
  const database = openDatabase(':memory:', { busyMs: 0 })
  migrate(database, { file: FILE })
  return database
}

function shape(database: Database): readonly unknown[] {
  return database.prepare('SELECT type, name, sql FROM sqlite_schema ORDER BY type, name').all()
}

function versionOf(database: Database): unknown {
  return database.prepare('PRAGMA user_version').get()?.['user_version']
}

describe('the schema', () => {
  it.each(VERSIONS)('is reached from version %d', (version) => {
    const database = databaseOf(version)
    migrate(database, { file: FILE })
    expect(shape(database)).toEqual(shape(current()))
    expect(versionOf(database)).toBe(SCHEMA_VERSION)
  })

  it('keeps action runs of the first version, asked to stop by nobody', () => {
    const database = databaseOf(1)
    const columns = database.prepare('SELECT name, type, "notnull" FROM pragma_table_info(\'actions\')').all()
    const values = columns.map(({ name, type, notnull }) =>
      notnull === 0 ? null : type === 'INTEGER' ? 7 : `the ${String(name)}`,
    )
    database.prepare(`INSERT INTO actions VALUES (${values.map(() => '?').join(', ')})`).run(...values)
    const before = database.prepare('SELECT * FROM actions').get()
    migrate(database, { file: FILE })
    expect(database.prepare('SELECT * FROM actions').get()).toEqual({ ...before, stopsAsked: '[]' })
  })

  it('names the newest success that is kept for jobs of the second version', () => {
    const database = databaseOf(2)
    database.exec(`
      INSERT INTO jobs VALUES ('a.one', 'h', 1, 1, 0, 9, NULL, 'null', 500, 50, NULL), ('a.two', 'h', 1, 1, 0, 9, NULL, 'null', 600, 60, NULL);
      INSERT INTO trash VALUES ('a.two.1', 'a.two', 1);
    `)
    const run = database.prepare(`
      INSERT INTO runs VALUES (?, ?, ?, 'ended', ?, NULL, ?, 'UTC', 0, NULL, 'schedule', 0, 'n', 'h', NULL, 0, NULL, 1, 1, ?, NULL, 0)
    `)
    run.run('a.one.1', 'a.one', 1, 'succeeded', 50, 500)
    run.run('a.one.2', 'a.one', 2, 'succeeded', 20, 200)
    run.run('a.one.3', 'a.one', 3, 'failed', 30, 300)
    run.run('a.two.1', 'a.two', 1, 'succeeded', 60, 600)
    migrate(database, { file: FILE })
    const named = database
      .prepare('SELECT lastSuccessNumber, lastSuccessMs, lastSuccessRunMs FROM jobs ORDER BY id')
      .all()
    expect(named.map((row) => Object.values(row))).toEqual([
      [2, 200, 20],
      [null, null, null],
    ])
  })

  it('has every table strict, with every column of TABLES in its order', () => {
    const database = current()
    const found = Object.keys(TABLES).map((table) => {
      const columns = database.prepare('SELECT name FROM pragma_table_info(?)').all(table)
      const strict = database.prepare('SELECT strict FROM pragma_table_list WHERE name = ?').get(table)
      return [table, strict?.['strict'], columns.map(({ name }) => name)]
    })
    expect(found).toEqual(
      Object.entries(TABLES).map(([table, { columns }]) => [table, 1, Object.keys(columns)]),
    )
  })

  it('refuses null and values of a wrong type by itself', () => {
    const database = current()
    const insert = database.prepare('INSERT INTO trash (key, job, number) VALUES (?, ?, ?)')
    expect(() => insert.run('a', null, 1)).toThrow('NOT NULL')
    expect(() => insert.run(null, 'a', 1)).toThrow('NOT NULL')
    expect(() => insert.run('a', 'b', 'c')).toThrow('cannot store TEXT value in INTEGER column')
    expect(() => insert.run('a', 'b', 1.5)).toThrow('cannot store REAL value in INTEGER column')
  })

  it('gives every query an index that has its order', () => {
    const database = current()
    const plans = Object.entries(QUERIES).flatMap(([name, { table, where, orderBy, descending }]) => {
      const conditions: readonly Condition[] = Object.values(where)
      const parts = conditions.map(({ column, op }) => ({ column, op, values: ['x'] }))
      const sql = selectSql({ table, parts, orderBy, descending, limit: 1, keepsTies: true })
      const steps = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...parts.map(() => 'x'))
      return steps.map(({ detail }) => `${name}: ${String(detail)}`)
    })
    expect(plans.filter((step) => step.includes('SCAN') || step.includes('B-TREE FOR ORDER BY'))).toEqual([])
    expect(plans.length).toBeGreaterThanOrEqual(Object.keys(QUERIES).length)
  })
})

describe('migrate', () => {
  const second: Migration = {
    version: SCHEMA_VERSION + 1,
    up: (database) =>
      database.exec('ALTER TABLE trash ADD COLUMN colour TEXT; UPDATE head SET seq = seq + 100'),
  }
  const failing: Migration = {
    version: SCHEMA_VERSION + 2,
    up(database) {
      database.exec('DROP TABLE audit')
      throw new Error('interrupted')
    },
  }

  it('does nothing to a database that is current', () => {
    const database = current()
    const before = shape(database)
    migrate(database, { file: FILE })
    expect(schemaState(database, { file: FILE })).toBe('current')
    expect(shape(database)).toEqual(before)
  })

  it('goes forward one version after another and keeps what was stored', () => {
    const database = current()
    database.exec("INSERT INTO trash (key, job, number) VALUES ('k', 'j', 1)")
    migrate(database, { file: FILE, version: SCHEMA_VERSION + 1, migrations: [second] })
    expect(versionOf(database)).toBe(SCHEMA_VERSION + 1)
    expect(database.prepare('SELECT * FROM trash').all()).toEqual([
      { key: 'k', job: 'j', number: 1, colour: null },
    ])
  })

  it('leaves a version whole when a step fails', () => {
    const database = current()
    const options = { file: FILE, version: SCHEMA_VERSION + 2, migrations: [second, failing] }
    expect(() => migrate(database, options)).toThrow('interrupted')
    expect(versionOf(database)).toBe(SCHEMA_VERSION + 1)
    expect(database.prepare('SELECT count(*) AS count FROM audit').get()).toEqual({ count: 0 })
  })

  it('says when there is no way from a version', () => {
    const options = { file: FILE, version: SCHEMA_VERSION + 2, migrations: [failing] }
    expect(() => migrate(current(), options)).toThrow(
      `no way from version ${SCHEMA_VERSION} to ${SCHEMA_VERSION + 1}`,
    )
  })

  it('refuses a newer database and names both versions', () => {
    const database = current()
    database.exec(`PRAGMA user_version = ${SCHEMA_VERSION + 5}`)
    expect(() => migrate(database, { file: FILE })).toThrow(
      expect.objectContaining({
        code: 'STORE_VERSION',
        message: `${FILE} has version ${SCHEMA_VERSION + 5} of the records; this version of Tron knows them up to ${SCHEMA_VERSION}`,
      }),
    )
  })

  it('refuses a database of another program', () => {
    using scratch = scratchDirectory()
    const database = openDatabase(join(scratch.path, 'other.sqlite'), { busyMs: 0 })
    database.exec('CREATE TABLE songs (title TEXT)')
    expect(() => migrate(database, { file: FILE })).toThrow(
      expect.objectContaining({ code: 'STORE_CORRUPT' }),
    )
    database.close()
  })
})

describe('schemaSql', () => {
  it('is what was written down for this version: a change of the tables needs a new version and a migration', () => {
    const written = readFileSync(new URL(`schemas/version-${SCHEMA_VERSION}.sql`, import.meta.url), 'utf8')
    expect(written).toContain(schemaSql())
  })
})
