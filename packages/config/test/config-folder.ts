import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ConfigFiles, createConfigFiles, parseHere } from '@tron/config'
import type { ConfigProblem } from '@tron/model'
import { createManualClock, createMemoryLogger } from '@tron/model/testing'
import { onTestFinished } from 'vitest'

export const MASTER = 'nodes: [n1, n2]\n'
export const MANIFEST = 'MASTER: config/MASTER.yaml\n'

/** A namespace with one job. */
export function jobOn(node: string, job = 'j'): string {
  return `jobs: {${job}: {node: ${node}, schedule: daily, actions: {a: {command: ls}}}}\n`
}

/** A configuration folder of these files, which is gone after the test. */
export async function configFolder(files: Readonly<Record<string, string>>) {
  const home = await mkdtemp(join(tmpdir(), 'tron-config-'))
  onTestFinished(() => rm(home, { recursive: true }))
  const directory = join(home, 'config')
  await mkdir(directory)
  const inFolder = (file: string) => join(directory, file)
  const put = async (texts: Readonly<Record<string, string>>) => {
    for (const [file, text] of Object.entries(texts)) await writeFile(inFolder(file), text)
  }
  await put(files)
  const log = createMemoryLogger()
  const around = { directory, workingDirectory: home, systemZone: 'UTC', daemonUser: 'tron' }
  const clock = createManualClock(Date.UTC(2026, 0, 1))
  const config = createConfigFiles({ ...around, clock, log, parser: parseHere })
  return {
    config,
    clock,
    log,
    directory,
    inFolder,
    put,
    names: async () => (await readdir(directory)).toSorted(),
    textOf: (file: string) => readFile(inFolder(file), 'utf8'),
    /** In short, with paths relative to the home. */
    said: (problems: readonly ConfigProblem[]) =>
      problems.map(({ severity, file, line, column, message }) =>
        `${severity} ${file}:${line}:${column}: ${message}`.replaceAll(`${home}/`, ''),
      ),
  }
}

/** Uploads a text, or deletes with an empty one, as somebody who has just read what is stored. */
export async function upload(config: ConfigFiles, namespace: string, text: string) {
  const stored = (await config.texts()).get(namespace)
  return config.update(namespace, text, stored?.hash ?? 'da39a3ee5e6b4b0d3255bfef95601890afd80709')
}
