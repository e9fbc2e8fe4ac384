import type { Migration } from './migration.ts'

/**
 * Who asked for a stop is kept in a column of its own. Until now it stood in the note, where it stays for what is history. Rows of the ledger say which
 * schedule they were counted with.
 */
export const version2: Migration = {
  version: 2,
  up: (database) =>
    database.exec(`
      CREATE TABLE "actions_2" ("id" TEXT NOT NULL PRIMARY KEY, "run" TEXT NOT NULL, "job" TEXT NOT NULL, "number" INTEGER NOT NULL, "name" TEXT NOT NULL, "position" INTEGER NOT NULL, "state" TEXT NOT NULL, "node" TEXT NOT NULL, "starts" INTEGER NOT NULL, "attempt" TEXT, "verdict" TEXT, "stopsAsked" TEXT NOT NULL, "cancelling" INTEGER NOT NULL, "startedMs" INTEGER, "endedMs" INTEGER, "exitStatus" INTEGER, "exitStatuses" TEXT NOT NULL, "reason" TEXT, "note" TEXT, "originalCommand" TEXT NOT NULL, "command" TEXT, "live" INTEGER NOT NULL) STRICT;
      INSERT INTO actions_2 SELECT id, run, job, number, name, position, state, node, starts, attempt, verdict, '[]', cancelling, startedMs, endedMs, exitStatus, exitStatuses, reason, note, originalCommand, command, live FROM actions;
      DROP TABLE actions;
      ALTER TABLE actions_2 RENAME TO actions;
      CREATE INDEX "actions_run_position" ON "actions" ("run", "position");
      CREATE INDEX "actions_job_name_number" ON "actions" ("job", "name", "number");
      CREATE INDEX "actions_live" ON "actions" ("live") WHERE "live" = 1;
      ALTER TABLE slots ADD COLUMN "specHash" TEXT;
    `),
}
