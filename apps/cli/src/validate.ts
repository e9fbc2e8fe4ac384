import { existsSync, readdirSync } from 'node:fs'
import { userInfo } from 'node:os'
import { dirname, join } from 'node:path'
import { type ConfigDocument, formatProblems, parseConfig } from '@tron/config'
import { type ConfigProblem, messageOf, TronError } from '@tron/model'

/** What a check without a server found. */
export interface Report {
  readonly isValid: boolean
  readonly problems: readonly ConfigProblem[]
  /** The problems for people, with the lines they stand in; empty when there are none. */
  readonly text: string
}

/** A namespace to check, and the MASTER to check it with: the nodes and defaults that its jobs refer to stand there. */
export interface ValidateFile extends ConfigDocument {
  readonly namespace: string
  readonly master: string | undefined
}

type ReadText = (file: string) => string

/** Checks one file. @throws BAD_REQUEST when there is no MASTER to check it with */
export function validateFile(file: ValidateFile, readText: ReadText): Report {
  const documents = new Map<string, ConfigDocument>()
  if (file.namespace !== 'MASTER') {
    const master = file.master ?? join(dirname(file.file), 'MASTER.yaml')
    if (file.master === undefined && !existsSync(master)) {
      throw new TronError('BAD_REQUEST', `there is no ${master} to check ${file.file} with`, {
        hint: 'Name the file of MASTER with -m: nodes and defaults stand there. If this is MASTER itself, say -n MASTER.',
      })
    }
    documents.set('MASTER', { text: readText(master), file: master })
  }
  documents.set(file.namespace, { text: file.text, file: file.file })
  return report(documents)
}

/** Checks all `*.yaml` of a directory as namespaces; the manifest of a live one is left out. @throws BAD_REQUEST */
export function validateDirectory(directory: string, readText: ReadText): Report {
  const names = listNames(directory)
  return report(
    new Map(
      names.map((name) => {
        const file = join(directory, `${name}.yaml`)
        return [name, { text: readText(file), file }]
      }),
    ),
  )
}

function listNames(directory: string): readonly string[] {
  try {
    return readdirSync(directory)
      .filter((file) => file.endsWith('.yaml') && file !== '_manifest.yaml')
      .map((file) => file.slice(0, -'.yaml'.length))
      .toSorted()
  } catch (cause) {
    throw new TronError('BAD_REQUEST', messageOf(cause), { cause, hint: 'Check the name of the directory.' })
  }
}

function report(documents: ReadonlyMap<string, ConfigDocument>): Report {
  const { problems } = parseConfig({
    documents,
    systemZone: new Intl.DateTimeFormat().resolvedOptions().timeZone,
    daemonUser: userInfo().username,
  })
  const texts = new Map([...documents.values()].map(({ file, text }) => [file, text]))
  return {
    isValid: !problems.some((problem) => problem.severity === 'error'),
    problems,
    text: formatProblems(problems, texts),
  }
}
