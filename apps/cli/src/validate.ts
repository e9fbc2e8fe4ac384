import { statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import {
  type ConfigDocument,
  createConfigParser,
  type DecodedText,
  faulty,
  readConfigFolder,
  readDocument,
  readText,
} from '@tron/config'
import type { ConfigProblem } from '@tron/model'
import { MASTER, namespaceOfSource, STDIN, STDIN_NAME } from './fig/source.ts'
import { loginName } from './login-name.ts'
import type { Terminal } from './terminal.ts'

/** What a check without a server found. Whatever cannot be read is among the problems. */
export interface Report {
  readonly isValid: boolean
  readonly problems: readonly ConfigProblem[]
  /** What was looked at. */
  readonly files: ReadonlySet<string>
  /** By file. */
  readonly texts: ReadonlyMap<string, string>
}

export interface ValidateOptions {
  /** The file of MASTER, for namespaces without one beside them: the nodes and defaults that their jobs refer to stand there. */
  readonly master: string | undefined
  /** Whose standard input may be checked, and in which zone. */
  readonly terminal: Pick<Terminal, 'readInput' | 'systemZone'>
  /** A larger document is refused unread. */
  readonly maxBytes: number
}

/** A file, or standard input, and the namespace that it is to be checked as. */
export interface Source {
  readonly path: string
  readonly namespace: string
}

/** Documents of one configuration. */
interface Checked {
  /** By namespace. */
  readonly documents: ReadonlyMap<string, ConfigDocument>
  /** What was found before any document was looked at. */
  readonly problems: readonly ConfigProblem[]
  /** What stands beside the documents. */
  readonly manifest?: ConfigDocument | null
}

/** Checks one namespace. */
export async function validateSource(source: Source, options: ValidateOptions): Promise<Report> {
  return check(await readSources([source], options), options)
}

/** Checks directories and files: a directory is one configuration, and so are files that are named and lie in one directory. */
export async function validatePaths(
  paths: readonly string[],
  options: ValidateOptions & { readonly namespace?: string | undefined },
): Promise<Report> {
  const isDirectory = Map.groupBy(paths, isFolder)
  const beside = Map.groupBy(isDirectory.get(false) ?? [], folderOf)
  const reports: Report[] = []
  for (const directory of isDirectory.get(true) ?? []) {
    reports.push(await check(await readConfigFolder(directory, options), options))
  }
  for (const files of beside.values()) {
    const sources = files.map((path) => ({
      path,
      namespace: (path === STDIN ? options.namespace : undefined) ?? namespaceOfSource(path),
    }))
    reports.push(await check(await readSources(sources, options), options))
  }
  return {
    isValid: reports.every((report) => report.isValid),
    problems: reports.flatMap(({ problems }) => problems),
    files: new Set(reports.flatMap(({ files }) => Array.from(files))),
    texts: new Map(reports.flatMap(({ texts }) => Array.from(texts))),
  }
}

/** What is not there, or nobody may look at, is told when it is read. */
function isFolder(path: string): boolean {
  try {
    return path !== STDIN && statSync(path).isDirectory()
  } catch {
    return false
  }
}

function folderOf(path: string): string {
  return path === STDIN ? '.' : dirname(path)
}

async function readSources(sources: readonly Source[], options: ValidateOptions): Promise<Checked> {
  const documents = new Map<string, ConfigDocument>()
  const problems: ConfigProblem[] = []
  for (const { path, namespace } of sources) {
    const other = documents.get(namespace)
    if (other === undefined) documents.set(namespace, await read(path, options))
    else if (other.file !== path) {
      const message = `${other.file} is the namespace ${namespace}, too; a namespace has the name of its file`
      problems.push({ severity: 'error', file: path, line: 1, column: 1, path: '', message })
    }
  }
  return { documents, problems }
}

async function read(path: string, { terminal, maxBytes }: ValidateOptions): Promise<ConfigDocument> {
  const isInput = path === STDIN
  const text = await (isInput ? readText(terminal.readInput(), maxBytes) : readNamed(path, maxBytes))
  return { ...(text ?? faulty('there is no such file')), file: isInput ? STDIN_NAME : path }
}

/** What a person names may be a pipe, as a shell makes one of `<(...)`, and is waited for. */
async function readNamed(path: string, maxBytes: number): Promise<DecodedText | null> {
  return isPipe(path) ? readText(readFile(path), maxBytes) : readDocument(path, { maxBytes })
}

function isPipe(path: string): boolean {
  try {
    return statSync(path).isFIFO()
  } catch {
    // Why it cannot be looked at is told when it is read.
    return false
  }
}

/** Puts the MASTER that was named, or the one beside them, before documents that have none. */
async function withMaster(
  documents: Checked['documents'],
  { master, maxBytes }: ValidateOptions,
): Promise<Checked['documents']> {
  const [first] = documents.values()
  if (documents.has(MASTER) || first === undefined) return documents
  const file = master ?? join(dirname(first.file), `${MASTER}.yaml`)
  const missing = faulty(
    `there is no such file, and without MASTER ${first.file} cannot be checked: name the file of MASTER with -m, for nodes and defaults stand there; ` +
      'if this is MASTER itself, call it MASTER.yaml, or say tronfig -V -n MASTER',
  )
  return new Map([[MASTER, { ...((await readNamed(file, maxBytes)) ?? missing), file }], ...documents])
}

/** Reads what the daemon would read, in the way in which it does, and so to the same depth. */
async function check(checked: Checked, options: ValidateOptions): Promise<Report> {
  const documents = await withMaster(checked.documents, options)
  const daemonUser = loginName()
  const { maxBytes, terminal } = options
  const source = { documents, systemZone: terminal.systemZone(), daemonUser, limits: { maxBytes } }
  const found = documents.size === 0 ? [] : (await createConfigParser().read(source)).problems
  const problems = [...checked.problems, ...found]
  const shown = [...documents.values(), ...(checked.manifest ? [checked.manifest] : [])]
  return {
    isValid: !problems.some((problem) => problem.severity === 'error'),
    problems,
    files: new Set(Array.from(documents.values(), ({ file }) => file)),
    texts: new Map(shown.flatMap(({ file, text }) => (text === '' ? [] : [[file, text]]))),
  }
}
