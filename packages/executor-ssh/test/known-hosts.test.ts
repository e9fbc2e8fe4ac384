import { createHmac } from 'node:crypto'
import { type HostKeyVerdict, judgeHostKey, knownKeyTypes, parseKnownHosts } from '@tron/executor-ssh'
import { describe, expect, it } from 'vitest'

/** A string as SSH sends it: its length, then itself. */
function sshString(text: string): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(Buffer.byteLength(text))
  return Buffer.concat([length, Buffer.from(text)])
}

/** A public key as SSH sends it: its type, then something that makes it different from others. */
function blob(type: string, body: string): Buffer {
  return Buffer.concat([sshString(type), sshString(body)])
}

const ours = blob('ssh-ed25519', 'ours')
const other = blob('ssh-ed25519', 'other')
const rsa = blob('ssh-rsa', 'an rsa key')
const text = (key: Buffer) =>
  `${key.toString('latin1', 4, 4 + key.readUInt32BE(0))} ${key.toString('base64')}`

function hashed(name: string): string {
  const salt = Buffer.from('twenty bytes of salt')
  return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`
}

const known = (line = 1): HostKeyVerdict => ({ verdict: 'known', line })
const unknown: HostKeyVerdict = { verdict: 'unknown' }
const changed = (lines: number[], keyTypes: string[]): HostKeyVerdict => ({
  verdict: 'changed',
  lines,
  keyTypes,
})

interface Case {
  readonly rule: string
  readonly file: string
  readonly host?: string
  readonly port?: number
  readonly verdict: HostKeyVerdict
}

const cases: readonly Case[] = [
  { rule: 'knows a plain name', file: `web ${text(ours)}`, verdict: known() },
  { rule: 'knows a name whatever its case', file: `WEB ${text(ours)}`, host: 'Web', verdict: known() },
  { rule: 'ignores comments at the end of a line', file: `web ${text(ours)} bob@home`, verdict: known() },
  { rule: 'knows each name of a list', file: `db,10.0.0.1,web ${text(ours)}`, verdict: known() },
  { rule: 'does not take a part of a name', file: `web.example.org ${text(ours)}`, verdict: unknown },
  { rule: 'takes a dot for a dot', file: `w.b ${text(ours)}`, verdict: unknown },
  { rule: 'knows a hashed name', file: `${hashed('web')} ${text(ours)}`, verdict: known() },
  { rule: 'does not know another hashed name', file: `${hashed('db')} ${text(ours)}`, verdict: unknown },
  {
    rule: 'knows a port by its bracketed form',
    file: `[web]:2222 ${text(ours)}`,
    port: 2222,
    verdict: known(),
  },
  {
    rule: 'knows a hashed port',
    file: `${hashed('[web]:2222')} ${text(ours)}`,
    port: 2222,
    verdict: known(),
  },
  { rule: 'does not take another port', file: `[web]:2222 ${text(ours)}`, port: 2223, verdict: unknown },
  { rule: 'lets the bare name vouch for a port', file: `web ${text(ours)}`, port: 2222, verdict: known() },
  {
    rule: 'prefers the key of the port to that of the bare name',
    file: `web ${text(ours)}\n[web]:2222 ${text(other)}`,
    port: 2222,
    verdict: changed([2], ['ssh-ed25519']),
  },
  { rule: 'does not take the port form for port 22', file: `[web]:2222 ${text(ours)}`, verdict: unknown },
  { rule: 'matches *', file: `*.example.org ${text(ours)}`, host: 'a.b.example.org', verdict: known() },
  { rule: 'matches ? for one character', file: `we? ${text(ours)}`, verdict: known() },
  { rule: 'does not match ? for none', file: `web? ${text(ours)}`, verdict: unknown },
  { rule: 'obeys a negation wherever it stands', file: `*,!web ${text(ours)}`, verdict: unknown },
  {
    rule: 'applies a negation to its own line only',
    file: `!web,* ${text(ours)}\nweb ${text(ours)}`,
    verdict: known(2),
  },
  { rule: 'needs one pattern that matches beside a negation', file: `!db ${text(ours)}`, verdict: unknown },
  { rule: 'knows IPv6', file: `[fe80::1]:2222 ${text(ours)}`, host: 'fe80::1', port: 2222, verdict: known() },
  { rule: 'sees a changed key', file: `web ${text(other)}`, verdict: changed([1], ['ssh-ed25519']) },
  {
    rule: 'sees that only another type is known',
    file: `web ${text(rsa)}`,
    verdict: changed([1], ['ssh-rsa']),
  },
  { rule: 'takes any of several keys', file: `web ${text(rsa)}\n\nweb ${text(ours)}`, verdict: known(3) },
  {
    rule: 'refuses a revoked key though it is known too',
    file: `web ${text(ours)}\n@revoked * ${text(ours)}`,
    verdict: { verdict: 'revoked', line: 2 },
  },
  {
    rule: 'refuses on a port what is revoked for the bare name',
    file: `[web]:2222 ${text(ours)}\n@revoked web ${text(ours)}`,
    port: 2222,
    verdict: { verdict: 'revoked', line: 2 },
  },
  {
    rule: 'is not moved by another revoked key',
    file: `web ${text(ours)}\n@revoked * ${text(other)}`,
    verdict: known(),
  },
  {
    rule: 'does not take the key of an authority',
    file: `@cert-authority * ${text(ours)}`,
    verdict: unknown,
  },
  { rule: 'does not take a line with an unknown mark', file: `@trusted web ${text(ours)}`, verdict: unknown },
  {
    rule: 'skips comments and short lines',
    file: `# web\nweb\n#web ${text(ours)}\n\tweb ${text(ours)}\r`,
    verdict: known(4),
  },
  { rule: 'skips keys of protocol 1', file: 'web 1024 35 1234567', verdict: unknown },
  { rule: 'knows nothing from an empty file', file: '', verdict: unknown },
]

describe('a known hosts file', () => {
  it.each(cases)('$rule', ({ file, host = 'web', port = 22, verdict }) => {
    expect(judgeHostKey(parseKnownHosts(file), { host, port }, ours)).toEqual(verdict)
  })

  it('says which types of key are known, in its order', () => {
    const file = `web ${text(rsa)}\ndb ${text(other)}\nweb ${text(ours)}\nweb ${text(other)}\n@cert-authority web ecdsa-sha2-nistp256 AAAA`
    expect(knownKeyTypes(parseKnownHosts(file), { host: 'web', port: 22 })).toEqual([
      'ssh-rsa',
      'ssh-ed25519',
    ])
  })
})
