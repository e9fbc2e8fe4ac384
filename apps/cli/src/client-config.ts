import { readFileSync, writeFileSync } from 'node:fs'
import { messageOf, TronError } from '@tron/model'
import type { Terminal } from './terminal.ts'

/** What the files of the command line may say; keys of Tron 3 that mean nothing here are kept. */
export type ClientConfig = Readonly<Record<string, unknown>>

/** Reads the first of `~/.tron` and `$TRON_CONFIG` (else `/etc/tron/tron.yaml`) that can be read and is not empty. They are not merged. */
export async function readClientConfig(env: Terminal['env']): Promise<ClientConfig> {
  for (const file of [homeFile(env), env['TRON_CONFIG'] ?? '/etc/tron/tron.yaml']) {
    const text = file === undefined ? '' : readText(file)
    if (file !== undefined && text.trim() !== '') return parse(text, file)
  }
  return {}
}

/** What these files say about colour. */
export async function savedColor(env: Terminal['env']): Promise<boolean | undefined> {
  const { display_color: wanted } = await readClientConfig(env)
  return typeof wanted === 'boolean' ? wanted : undefined
}

/** Writes settings into `~/.tron`; what else stands there stays. @throws SETTINGS when it cannot be written */
export async function saveClientConfig(env: Terminal['env'], settings: ClientConfig): Promise<string> {
  const file = homeFile(env)
  if (file === undefined) throw new TronError('SETTINGS', 'there is no home directory to save settings in')
  const text = readText(file)
  const all = { ...(text.trim() === '' ? {} : await parse(text, file)), ...settings }
  // JSON values are YAML values, so that no library is needed to write them.
  const lines = Object.entries(all).map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`)
  try {
    writeFileSync(file, lines.join(''))
  } catch (cause) {
    throw new TronError('SETTINGS', `${file}: ${messageOf(cause)}`, { cause })
  }
  return file
}

function homeFile(env: Terminal['env']): string | undefined {
  const home = env['HOME']
  return home === undefined || home === '' ? undefined : `${home}/.tron`
}

/** Empty for a file that cannot be read: the next one is tried, as in Tron. */
function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    // Most machines have none of these files.
    return ''
  }
}

async function parse(text: string, file: string): Promise<ClientConfig> {
  return parsePlain(text) ?? (await parseYaml(text, file))
}

const PLAIN = /^([A-Za-z_]\w*):[ \t]+(?:"([^"\\]*)"|'([^'\\]*)'|([\w./][\w./:-]*))[ \t]*(?:[ \t]#.*)?$/

/** Reads the usual form, a line for each key with one word; undefined for anything more, which the YAML library reads. It costs as much as all the rest. */
function parsePlain(text: string): ClientConfig | undefined {
  const entries: [string, unknown][] = []
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*(?:#.*)?$/.test(line) || line === '---') continue
    const [, key, double, single, word] = PLAIN.exec(line) ?? []
    if (key === undefined) return undefined
    entries.push([key, double ?? single ?? wordValue(word ?? '')])
  }
  return Object.fromEntries(entries)
}

function wordValue(word: string): string | boolean {
  if (/^(?:true|yes|on)$/i.test(word)) return true
  return /^(?:false|no|off)$/i.test(word) ? false : word
}

async function parseYaml(text: string, file: string): Promise<ClientConfig> {
  try {
    const { parse: parseText } = await import('yaml')
    const value: unknown = parseText(text, { version: '1.1' })
    if (isMap(value)) return value
    throw new Error('expected a map of settings')
  } catch (cause) {
    throw new TronError('SETTINGS', `${file}: ${messageOf(cause)}`, { cause })
  }
}

function isMap(value: unknown): value is ClientConfig {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
