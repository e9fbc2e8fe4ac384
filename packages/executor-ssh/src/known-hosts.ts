import { createHmac } from 'node:crypto'

/** One usable line of a known hosts file, in the format of OpenSSH. */
export interface KnownHost {
  /** From 1. */
  readonly line: number
  readonly marker?: 'cert-authority' | 'revoked'
  /** Patterns divided by commas, or one hashed name. */
  readonly hosts: string
  readonly keyType: string
  /** The key in base64 without padding, so that equal keys have equal text. */
  readonly key: string
}

/** What a known hosts file says about the key that a host presents. */
export type HostKeyVerdict =
  | { readonly verdict: 'known'; readonly line: number }
  /** The file has nothing about the host. */
  | { readonly verdict: 'unknown' }
  /** It has another key of this type, or only keys of other types. */
  | { readonly verdict: 'changed'; readonly lines: readonly number[]; readonly keyTypes: readonly string[] }
  | { readonly verdict: 'revoked'; readonly line: number }

export interface HostName {
  readonly host: string
  readonly port: number
}

/** Reads a known hosts file. Comments, blank lines and lines of a form that OpenSSH would not use either are left out. */
export function parseKnownHosts(text: string): readonly KnownHost[] {
  return text.split('\n').flatMap((line, index) => parseLine(line, index + 1))
}

/** The types of the keys that are known for a host, in the order of the file, each once. */
export function knownKeyTypes(entries: readonly KnownHost[], name: HostName): readonly string[] {
  const keys = entriesFor(entries, name).filter((entry) => entry.marker === undefined)
  return [...new Set(keys.map((entry) => entry.keyType))]
}

/**
 * Judges a key as OpenSSH does: a host at another port than 22 is looked up as `[host]:port`, and, where that is not known, its bare name
 * may vouch for the key too. Certificates are not supported, so lines of certificate authorities never make a key known.
 * @param key the public key as SSH sends it
 */
export function judgeHostKey(entries: readonly KnownHost[], name: HostName, key: Uint8Array): HostKeyVerdict {
  const presented = unpadded(Buffer.from(key).toString('base64'))
  const relevant = entriesFor(entries, name)
  const revoked = relevant.find((entry) => entry.marker === 'revoked' && entry.key === presented)
  if (revoked !== undefined) return { verdict: 'revoked', line: revoked.line }
  const keys = relevant.filter((entry) => entry.marker === undefined)
  const known = keys.find((entry) => entry.key === presented)
  if (known !== undefined) return { verdict: 'known', line: known.line }
  if (keys.length === 0) return { verdict: 'unknown' }
  const keyTypes = [...new Set(keys.map((entry) => entry.keyType))]
  return { verdict: 'changed', lines: keys.map((entry) => entry.line), keyTypes }
}

/** The name under which OpenSSH keeps a host. */
function knownHostName({ host, port }: HostName): string {
  return (port === 22 ? host : `[${host}]:${port}`).toLowerCase()
}

/** Lines for the full name; lines for the bare name only where the full one has no key. Revocations count under both. */
function entriesFor(entries: readonly KnownHost[], { host, port }: HostName): readonly KnownHost[] {
  const full = entries.filter((entry) => matches(entry.hosts, knownHostName({ host, port })))
  if (port === 22) return full
  const bare = entries.filter((entry) => matches(entry.hosts, host.toLowerCase()))
  if (!full.some((entry) => entry.marker === undefined)) return [...full, ...bare]
  return [...full, ...bare.filter((entry) => entry.marker === 'revoked')]
}

function parseLine(line: string, number: number): readonly KnownHost[] {
  const words = line.trim().split(/\s+/)
  const marker = words[0]?.startsWith('@') === true ? words.shift()?.slice(1) : undefined
  const [hosts, keyType, key] = words
  if (hosts === undefined || hosts.startsWith('#') || keyType === undefined || key === undefined) return []
  // Lines of protocol 1 have numbers here; unknown markers must not make a key known.
  if (/^\d+$/.test(keyType)) return []
  const base = { line: number, hosts, keyType, key: unpadded(key) }
  if (marker === undefined) return [base]
  return marker === 'revoked' || marker === 'cert-authority' ? [{ ...base, marker }] : []
}

function matches(hosts: string, name: string): boolean {
  if (hosts.startsWith('|')) return matchesHash(hosts, name)
  const patterns = hosts.toLowerCase().split(',')
  const denied = patterns.some((pattern) => pattern.startsWith('!') && matchesGlob(pattern.slice(1), name))
  return !denied && patterns.some((pattern) => matchesGlob(pattern, name))
}

/** `|1|salt|hash`: the hash is HMAC-SHA1 of the name with the salt as its key. */
function matchesHash(hosts: string, name: string): boolean {
  const [, kind, salt, hash] = hosts.split('|')
  if (kind !== '1' || salt === undefined || hash === undefined) return false
  const expected = createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest('base64')
  return unpadded(expected) === unpadded(hash)
}

/** `*` stands for any text, `?` for one character, all else for itself, brackets too. */
function matchesGlob(pattern: string, name: string): boolean {
  const source = pattern.replaceAll(/[\\^$+.()|[\]{}]/g, String.raw`\$&`)
  return new RegExp(`^${source.replaceAll('*', '.*').replaceAll('?', '.')}$`, 'u').test(name)
}

function unpadded(base64: string): string {
  return base64.replace(/=+$/, '')
}
