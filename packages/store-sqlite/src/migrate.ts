import { TronError } from '@tron/model'
import { SCHEMA_VERSION } from '@tron/store'
import { MIGRATIONS } from './migrations/index.ts'
import type { Migration } from './migrations/migration.ts'
import { APPLICATION_ID, schemaSql } from './schema.ts'
import { type Database, readNumber } from './sqlite.ts'

/** What a database's version calls for. */
export type SchemaState = 'current' | 'empty' | 'older'

export interface SchemaOptions {
  /** For messages. */
  readonly file: string
  /** The version to arrive at, and the steps there. The package's own unless told. */
  readonly version?: number
  readonly migrations?: readonly Migration[]
}

/** Looks at the version and changes nothing. @throws STORE_VERSION for a newer one, STORE_CORRUPT for a database that is not ours */
export function schemaState(
  database: Database,
  { file, version = SCHEMA_VERSION }: SchemaOptions,
): SchemaState {
  const found = readNumber(database, 'PRAGMA user_version')
  if (readNumber(database, 'SELECT count(*) FROM sqlite_schema') === 0 && found === 0) return 'empty'
  if (readNumber(database, 'PRAGMA application_id') !== APPLICATION_ID) {
    throw new TronError('STORE_CORRUPT', `${file} is a database, but not one of Tron's`, {
      details: { file },
    })
  }
  if (found > version) {
    throw new TronError(
      'STORE_VERSION',
      `${file} has version ${found} of the records; this version of Tron knows them up to ${version}`,
      { details: { file, found, known: version } },
    )
  }
  return found === version ? 'current' : 'older'
}

/**
 * Makes a new database, or takes an older one forward version by version, each in one transaction: an interruption leaves a version whole. The caller
 * holds the lock. @throws STORE_VERSION, STORE_CORRUPT
 */
export function migrate(database: Database, options: SchemaOptions): void {
  const { version = SCHEMA_VERSION, migrations = MIGRATIONS } = options
  const state = schemaState(database, options)
  if (state === 'empty') {
    database.exec('PRAGMA journal_mode = WAL')
    step(database, version, () => database.exec(schemaSql()))
  }
  if (state !== 'older') return
  const found = readNumber(database, 'PRAGMA user_version')
  for (let next = found + 1; next <= version; next += 1) {
    const migration = migrations.find((each) => each.version === next)
    if (migration === undefined) {
      throw new TronError(
        'STORE_VERSION',
        `${options.file}: there is no way from version ${next - 1} to ${next}`,
      )
    }
    step(database, next, () => migration.up(database))
  }
}

function step(database: Database, version: number, run: () => void): void {
  database.exec('BEGIN IMMEDIATE')
  try {
    run()
    database.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${version}; COMMIT`)
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK')
    throw error
  }
}
