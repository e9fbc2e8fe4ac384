import { performance } from 'node:perf_hooks'
import { until } from '@tron/testkit'
import { apiOf, openSite, start, untilOver } from '../test/system/site.ts'

/**
 * One job of 200 independent `true` on one node over a real sshd with MaxSessions 10, on a connection that is open already: seconds from the request to the
 * last action seen succeeded, and how many times as fast that is as Tron 3.10.5 (5.28 s, the median of five rounds on the same kind of machine).
 * Runs what was built: `npm run setup` first.
 */
const TRON_3_SECONDS = 5.28
const ACTIONS = 200
const ROUNDS = 5

const JOBS = `
quick:
  node: n1
  schedule: cron 0 0 1 1 *
  actions:
${Array.from({ length: ACTIONS }, (_, index) => `    a${index}: {command: 'true'}`).join('\n')}
`

await using site = await openSite(JOBS, { maxSessions: 10 })
await using daemon = await site.daemon({ built: true })
const api = apiOf(daemon)
const job = 'MASTER.quick'
await untilOver(api, { job, number: await start(api, job) })
const seconds: number[] = []
for (let round = 0; round < ROUNDS; round += 1) {
  const begun = performance.now()
  const number = await start(api, job)
  await until('the run is over', async () => (await api.run(job, number)).state === 'succeeded', {
    everyMs: 20,
    withinMs: 60_000,
  })
  seconds.push((performance.now() - begun) / 1000)
}
const sorted = seconds.toSorted((a, b) => a - b)
const [least = 0, , median = 0, , most = 0] = sorted
process.stdout.write(
  `${ACTIONS} x true: median ${median.toFixed(2)} s [${least.toFixed(2)}..${most.toFixed(2)}] of ${ROUNDS}; ` +
    `${(TRON_3_SECONDS / median).toFixed(1)} times as fast as Tron 3.10.5\n`,
)
