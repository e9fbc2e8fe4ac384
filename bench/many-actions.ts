import { execFile } from 'node:child_process'
import { performance } from 'node:perf_hooks'
import { promisify } from 'node:util'
import { type Sshd, until } from '@tron/testkit'
import { apiOf, openSite, start, untilOver } from '../test/system/site.ts'
import { median, spread } from './measure.ts'

/**
 * One job of 200 independent `true` on one node over a real sshd with MaxSessions 10, on a connection that is open already: from the request to the last
 * action seen succeeded. In turn with it, the yardstick: OpenSSH's own client runs the same 200 on the same server over one shared connection, 8 at a
 * time. Tron 3.10.5 needed 5.28 s (median of five) on a machine and a day where that client needed 1.7 to 2.4 s, so the comparison holds on a slow day too.
 * Runs what was built: `npm run setup` first. On ext4 the later rounds take up to twice as long, since its search for a free inode passes over all that
 * were deleted in the last minutes; with TMPDIR in memory they do not.
 */
const TRON_3_TO_CLIENT = 5.28 / 2.05
const ACTIONS = 200
const ROUNDS = 5
const POLL_MS = 75

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
await using client = await openClient(site.sshd)
const ours: number[] = []
const theirs: number[] = []
for (let round = 0; round < ROUNDS; round += 1) {
  ours.push(
    await secondsOf(async () => {
      const number = await start(api, job)
      await until('the run is over', async () => (await api.run(job, number)).state === 'succeeded', {
        everyMs: POLL_MS,
        withinMs: 60_000,
      })
    }),
  )
  theirs.push(await secondsOf(client.runAll))
}
const toClient = median(ours) / median(theirs)
process.stdout.write(
  `${ACTIONS} x true: ${spread(ours, 's', 2)}; OpenSSH client, 8 at a time: ${spread(theirs, 's', 2)}; ratio ${toClient.toFixed(2)} ` +
    `(Tron 3.10.5: ${TRON_3_TO_CLIENT.toFixed(2)}), so ${(TRON_3_TO_CLIENT / toClient).toFixed(1)} times as fast as Tron\n`,
)

async function secondsOf(work: () => Promise<void>): Promise<number> {
  const begun = performance.now()
  await work()
  return (performance.now() - begun) / 1000
}

/** OpenSSH's client with its connection open. */
async function openClient(sshd: Sshd): Promise<AsyncDisposable & { readonly runAll: () => Promise<void> }> {
  const run = promisify(execFile)
  const login = ['-F', 'none', '-i', sshd.identityFile, '-p', String(sshd.port), '-l', sshd.userName]
  const options = [
    login,
    ['-o', `UserKnownHostsFile=${sshd.knownHostsFile}`],
    ['-o', `ControlPath=${sshd.folder}/client`],
  ].flat()
  await run('ssh', [...options, '-o', 'ControlMaster=yes', '-o', 'ControlPersist=yes', '127.0.0.1', 'true'])
  const lane = async (): Promise<void> => {
    for (let done = 0; done < ACTIONS / 8; done += 1) await run('ssh', [...options, '127.0.0.1', 'true'])
  }
  return {
    runAll: async () => {
      await Promise.all(Array.from({ length: 8 }, lane))
    },
    async [Symbol.asyncDispose]() {
      await run('ssh', [...options, '-O', 'exit', '127.0.0.1'])
    },
  }
}
