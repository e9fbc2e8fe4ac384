import { readFile } from 'node:fs/promises'
import { formatProblems } from '@tron/config'
import { type ConfigProblem, messageOf, TronError } from '@tron/model'
import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml'
import { z } from 'zod'
import { asBrowsersDo } from './own-names.ts'

/** Options of a part, as they stand in the settings; the part's own module checks them. */
export type PartOptions = Readonly<Record<string, unknown>>

/** The daemon's own settings, `DIR/trond.yaml`. They may name modules to load, which uploaded configuration never may. */
export interface Settings {
  /** A shipped store, or the module (or `--plugin` name) of another. */
  readonly store: { readonly name: string; readonly options: PartOptions }
  readonly logs: { readonly name: string; readonly options: PartOptions }
  /** By the name that nodes of the configuration use; one without a module is shipped or named by `--plugin`. */
  readonly executors: Readonly<Record<string, { readonly module?: string; readonly options: PartOptions }>>
  /** Names of this daemon, beside those of its machine, under which pages that it serves may command: a proxy's, an alias. */
  readonly allowed_hosts: readonly string[]
}

const partOptions = z.record(z.string(), z.unknown()).default({})
const name = z.string().min(1)
// As a browser says it: a name without a port.
const hostName = z
  .string()
  .regex(/^[\w-]+(?:\.[\w-]+)*\.?$/, 'a host name without a port')
  .transform(asBrowsersDo)
const schema = z.strictObject({
  store: z.strictObject({ name, options: partOptions }).default({ name: 'sqlite', options: {} }),
  logs: z.strictObject({ name, options: partOptions }).default({ name: 'files', options: {} }),
  executors: z
    .record(name, z.strictObject({ module: name.exactOptional(), options: partOptions }).nullable())
    .default({}),
  allowed_hosts: z.array(hostName).default([]),
})

/** Reads the settings; a file that is not there means defaults. @throws SETTINGS with every problem as file:line:column */
export async function readSettings(file: string): Promise<Settings> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw new TronError('SETTINGS', `${file} cannot be read: ${messageOf(error)}`, { cause: error })
  })
  return parseSettings(text, file)
}

/** Reads settings from text; `file` is only for messages. @throws SETTINGS with every problem as file:line:column */
export function parseSettings(text: string, file: string): Settings {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const place = (offset: number): Pick<ConfigProblem, 'line' | 'column'> => {
    const { line, col } = lines.linePos(offset)
    return { line: Math.max(line, 1), column: Math.max(col, 1) }
  }
  if (document.errors.length > 0) {
    throw refused(
      document.errors.map((error) =>
        problem(file, place(error.pos[0]), { path: '', message: error.message }),
      ),
    )
  }
  const parsed = schema.safeParse(document.toJS() ?? {})
  if (parsed.success) return withEmptyParts(parsed.data)
  throw refused(
    parsed.error.issues
      .flatMap(spread)
      .map(({ path, message }) =>
        problem(file, place(offsetOf(document, path)), { path: path.join('.'), message }),
      ),
  )
}

function withEmptyParts(data: z.output<typeof schema>): Settings {
  const executors = Object.entries(data.executors).map(
    ([key, part]) => [key, part ?? { options: {} }] as const,
  )
  return { ...data, executors: Object.fromEntries(executors) }
}

interface Fault {
  readonly path: readonly PropertyKey[]
  readonly message: string
}

const ACCEPTED: Readonly<Record<number, string>> = {
  0: 'store, logs, executors, allowed_hosts',
  1: 'name, options',
  2: 'module, options',
}

// zod names unknown keys together, at their parent; a person looks for each at its own place.
function spread(issue: z.core.$ZodIssue): readonly Fault[] {
  if (issue.code !== 'unrecognized_keys') return [{ path: issue.path, message: issue.message }]
  const accepted = ACCEPTED[issue.path.length] ?? ''
  return issue.keys.map((key) => ({
    path: [...issue.path, key],
    message: `unknown key; accepted: ${accepted}`,
  }))
}

// The place of a key where there is one, else of the nearest parent that has a place.
function offsetOf(document: Document.Parsed, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const parent = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true)
    const key = path[length - 1]
    const pair = isMap(parent)
      ? parent.items.find((item) => isScalar(item.key) && item.key.value === key)
      : undefined
    if (isNode(pair?.key) && pair.key.range) return pair.key.range[0]
  }
  return document.contents?.range[0] ?? 0
}

function problem(
  file: string,
  place: Pick<ConfigProblem, 'line' | 'column'>,
  detail: Pick<ConfigProblem, 'path' | 'message'>,
): ConfigProblem {
  return { severity: 'error', file, ...place, ...detail }
}

function refused(problems: readonly ConfigProblem[]): TronError {
  return new TronError('SETTINGS', formatProblems(problems), { details: { problems } })
}
