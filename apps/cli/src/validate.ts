import { existsSync, readdirSync, statSync } from 'node:fs'
import { userInfo } from 'node:os'
import { dirname, join } from 'node:path'
import { type ConfigDocument, createConfigParser } from '@tron/config'
import { type ConfigProblem, messageOf, TronError } from '@tron/model'
import { MASTER, namespaceOfSource, readText } from './fig/source.ts'

/** What a check without a server found. */
export interface Report {
  readonly isValid: boolean
  readonly problems: readonly ConfigProblem[]
  /** By file. */
  readonly texts: ReadonlyMap<string, string>
}

export interface ValidateOptions {
  /** The file of MASTER, for namespaces without one beside them: the nodes and defaults that their jobs refer to stand there. */
  readonly master: string | undefined
  readonly systemZone: string
  /** A larger document is refused unread. */
  readonly maxBytes: number
}

/** By namespace. */
type Documents = ReadonlyMap<string, ConfigDocument>

/** Checks one namespace. @throws BAD_REQUEST when there is no MASTER to check it with */
export async function validateNamespace(
  { namespace, ...document }: ConfigDocument & { readonly namespace: string },
  options: ValidateOptions,
): Promise<Report> {
  return check(withMaster(new Map([[namespace, document]]), options), options)
}

/**
 * Checks directories and files: all `*.yaml` of a directory are one configuration, and so are files that are named and lie in one directory.
 * @throws BAD_REQUEST for what cannot be read, and when there is no MASTER to check namespaces with
 */
export async function validatePaths(paths: readonly string[], options: ValidateOptions): Promise<Report> {
  const isDirectory = Map.groupBy(paths, (path) => statOf(path).isDirectory())
  const beside = Map.groupBy(isDirectory.get(false) ?? [], (file) => dirname(file))
  const sets = (isDirectory.get(true) ?? []).map((directory) => filesOf(directory))
  const wanted = sets.concat([...beside.values()]).map((files) => withMaster(documentsOf(files), options))
  const reports: Report[] = []
  for (const documents of wanted) reports.push(await check(documents, options))
  return {
    isValid: reports.every((report) => report.isValid),
    problems: reports.flatMap(({ problems }) => problems),
    texts: new Map(reports.flatMap(({ texts }) => Array.from(texts))),
  }
}

/** @throws BAD_REQUEST */
function statOf(path: string) {
  try {
    return statSync(path)
  } catch (cause) {
    throw new TronError('BAD_REQUEST', messageOf(cause), { cause, hint: 'Check the name.' })
  }
}

/** All namespaces of a directory; the manifest of a live one is left out. */
function filesOf(directory: string): string[] {
  const files = readdirSync(directory)
    .filter((file) => file.endsWith('.yaml') && file !== '_manifest.yaml')
    .toSorted()
  if (files.length > 0) return files.map((file) => join(directory, file))
  throw new TronError('BAD_REQUEST', `there is no *.yaml in ${directory}`, {
    hint: 'Name the directory that holds MASTER.yaml.',
  })
}

/** @throws BAD_REQUEST */
function documentsOf(files: readonly string[]): Documents {
  const documents = new Map<string, ConfigDocument>()
  for (const file of files) {
    const namespace = namespaceOfSource(file)
    const other = documents.get(namespace)
    if (other !== undefined && other.file !== file) {
      throw new TronError('BAD_REQUEST', `${other.file} and ${file} are both the namespace ${namespace}`, {
        hint: 'A namespace has the name of its file.',
      })
    }
    documents.set(namespace, { text: readText(file), file })
  }
  return documents
}

/** @throws BAD_REQUEST when there is none */
function withMaster(documents: Documents, { master }: ValidateOptions): Documents {
  const [first] = documents.values()
  if (documents.has(MASTER) || first === undefined) return documents
  const file = master ?? join(dirname(first.file), `${MASTER}.yaml`)
  if (master === undefined && !existsSync(file)) {
    throw new TronError('BAD_REQUEST', `there is no ${file} to check ${first.file} with`, {
      hint: 'Name the file of MASTER with -m: nodes and defaults stand there. If this is MASTER itself, call it MASTER.yaml, or say tronfig -V -n MASTER.',
    })
  }
  return new Map([[MASTER, { text: readText(file), file }], ...documents])
}

/** Reads what the daemon would read, in the way in which it does, and so to the same depth. */
async function check(documents: Documents, { systemZone, maxBytes }: ValidateOptions): Promise<Report> {
  const daemonUser = userInfo().username
  const source = { documents, systemZone, daemonUser, limits: { maxBytes } }
  const { problems } = await createConfigParser().read(source)
  return {
    isValid: !problems.some((problem) => problem.severity === 'error'),
    problems,
    texts: new Map([...documents.values()].map(({ file, text }) => [file, text])),
  }
}
