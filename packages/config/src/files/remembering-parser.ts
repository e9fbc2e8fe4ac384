import { createHash } from 'node:crypto'
import { type Logger, messageOf } from '@tron/model'
import type { ConfigDocument } from '../read/parse-config.ts'
import type { ReadConfig } from '../read/read-config.ts'
import { readMessage, writeMessage } from '../thread/unsafe-message.ts'
import type { ConfigDisk } from './config-disk.ts'

/** Reads sets of documents, those that it knows without parsing. */
export interface RememberingParser {
  read(documents: ReadonlyMap<string, ConfigDocument>): Promise<ReadConfig>
  /** Keeps on the disk what these documents say, so that the next start need not parse them. */
  keep(documents: ReadonlyMap<string, ConfigDocument>): Promise<void>
}

export interface RememberingOptions {
  readonly parse: (documents: ReadonlyMap<string, ConfigDocument>) => Promise<ReadConfig>
  /** What the result depends on beside the documents and the program: defaults and limits. */
  readonly surroundings: string
  /** Which program this is: what another one has kept may mean something else. */
  readonly code: () => Promise<string>
  readonly disk: ConfigDisk
  /** Where the latest result is kept; nowhere when absent. */
  readonly cacheFile: string | undefined
  readonly log: Logger
}

/** Those of the last few sets of documents are known: a check is followed by the update, and that by questions. */
const KNOWN = 3

const MOST_CACHE_BYTES = 1024 * 1024 * 1024

export function createRememberingParser(options: RememberingOptions): RememberingParser {
  const { cacheFile, disk, log } = options
  const known = new Map<string, ReadConfig>()
  let kept = ''
  const keyOf = (documents: ReadonlyMap<string, ConfigDocument>) =>
    digest([options.surroundings, ...parts(documents)])
  const remember = (key: string, read: ReadConfig) => {
    known.delete(key)
    known.set(key, read)
    for (const oldest of [...known.keys()].slice(0, -KNOWN)) known.delete(oldest)
    return read
  }
  const readKept = async (key: string): Promise<ReadConfig | null> => {
    if (cacheFile === undefined) return null
    try {
      const body = openCache(await disk.read(cacheFile, MOST_CACHE_BYTES), `${await options.code()} ${key}`)
      if (body === null) return null
      kept = key
      return readMessage(body)
    } catch (error) {
      log.warn('what was kept of the configuration cannot be read; it is parsed', { error: messageOf(error) })
      return null
    }
  }
  return {
    read: async (documents) => {
      const key = keyOf(documents)
      const read = known.get(key) ?? (await readKept(key)) ?? (await options.parse(documents))
      return remember(key, read)
    },
    keep: async (documents) => {
      const key = keyOf(documents)
      const read = known.get(key)
      if (cacheFile === undefined || read === undefined || key === kept) return
      try {
        const head = `${await options.code()} ${key}`
        await disk.replace(cacheFile, closeCache(writeMessage(read), head), PRIVATE)
        kept = key
      } catch (error) {
        log.warn('what the configuration says cannot be kept; the next start parses it', {
          error: messageOf(error),
        })
      }
    },
  }
}

/** Values of the command context may be nobody else's business. */
const PRIVATE = 0o600

function parts(documents: ReadonlyMap<string, ConfigDocument>): readonly string[] {
  return [...documents].flatMap(([namespace, { file, text, fault }]) => [
    namespace,
    file,
    text,
    fault === undefined ? '' : `${fault.at} ${fault.message}`,
  ])
}

function digest(texts: readonly string[]): string {
  const hash = createHash('sha256')
  for (const text of texts) hash.update(`${text.length} `).update(text)
  return hash.digest('hex')
}

/** The first line says of what it is and how to tell that it is whole. */
function closeCache(body: string, head: string): string {
  return `${head} ${digest([body])}\n${body}`
}

function openCache(bytes: Uint8Array | null, head: string): string | null {
  if (bytes === null) return null
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
  const end = text.indexOf('\n')
  const body = text.slice(end + 1)
  return text.slice(0, Math.max(0, end)) === `${head} ${digest([body])}` ? body : null
}
