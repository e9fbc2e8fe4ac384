import type { Migration } from './migration.ts'

/** The number of a job's last success is kept with its dates, which named whichever run had ended last: they are looked up anew. */
export const version3: Migration = {
  version: 3,
  up: (database) =>
    database.exec(`
      ALTER TABLE jobs ADD COLUMN "lastSuccessNumber" INTEGER;
      UPDATE jobs SET (lastSuccessNumber, lastSuccessMs, lastSuccessRunMs) = (
        SELECT number, endedMs, runMs FROM runs
        WHERE job = jobs.id AND state = 'succeeded' AND phase = 'ended' AND id NOT IN (SELECT key FROM trash)
        ORDER BY number DESC LIMIT 1
      );
    `),
}
