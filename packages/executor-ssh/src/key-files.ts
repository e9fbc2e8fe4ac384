import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { messageOf } from '@tron/model'
import ssh2, { type ParsedKey } from 'ssh2'

export type KeyFile =
  | { readonly ok: true; readonly file: string; readonly key: ParsedKey }
  /** `reason` names the file and says what to do; `missing` when there is no such file. */
  | { readonly ok: false; readonly file: string; readonly reason: string; readonly missing: boolean }

/** Reads private keys. A file is read each time, so that a new key is found, but parsed once for each content. */
export interface KeyFiles {
  read(file: string): Promise<KeyFile>
}

export function createKeyFiles(): KeyFiles {
  const parsed = new Map<string, ParsedKey | string>()
  return {
    async read(file) {
      const text = await readFile(file, 'utf8').catch((error: unknown) => toError(error))
      if (text instanceof Error) {
        const missing = 'code' in text && text.code === 'ENOENT'
        return { ok: false, file, missing, reason: `${file} cannot be read: ${text.message}` }
      }
      const content = createHash('sha256').update(text).digest('hex')
      const key = parsed.get(content) ?? parsePrivateKey(text)
      parsed.set(content, key)
      if (typeof key !== 'string') return { ok: true, file, key }
      return { ok: false, file, missing: false, reason: `${file} ${key}` }
    },
  }
}

/** The key, or why it cannot be used: a text that follows the file's name. */
function parsePrivateKey(text: string): ParsedKey | string {
  if (text.includes('-----BEGIN ENCRYPTED PRIVATE KEY-----')) {
    return 'is encrypted, and the daemon has no passphrase for it: load it into an SSH agent and set ssh_options.agent'
  }
  if (text.includes('-----BEGIN PRIVATE KEY-----')) {
    return 'is in the PKCS#8 format, which is not supported: rewrite it by "ssh-keygen -p -N \'\' -f FILE", or use a key in the format of OpenSSH'
  }
  const key: unknown = ssh2.utils.parseKey(text)
  if (!isParsedKey(key)) return complaint(messageOf(key))
  if (!key.isPrivateKey()) return 'holds a public key: name the file without .pub'
  return key
}

function complaint(message: string): string {
  if (/passphrase/i.test(message)) {
    return 'is encrypted, and the daemon has no passphrase for it: load it into an SSH agent and set ssh_options.agent, or use a key without one'
  }
  if (message.includes('Unsupported key format')) {
    return 'holds no private key of a supported type (ed25519, ECDSA, RSA; no FIDO keys, no certificates)'
  }
  return `cannot be used: ${message}`
}

function isParsedKey(value: unknown): value is ParsedKey {
  return !(value instanceof Error)
}

function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(messageOf(thrown))
}
