import { type AccessSpec, type JsonValue, TronError } from '@tron/model'
import { z } from 'zod'

/** What of the configuration's `access` this executor obeys. */
export type SshAccess = Pick<AccessSpec, 'agent' | 'identities' | 'knownHostsFile' | 'connectTimeoutMs'>

const accessSettings = z.object({
  agent: z.boolean().default(false),
  identities: z.array(z.string()).default([]),
  knownHostsFile: z.string().min(1).optional(),
  connectTimeoutMs: z.number().int().positive().default(30_000),
})

/** Reads a target's settings; what they leave out has the defaults of Tron's `ssh_options`. @throws UNREACHABLE when they have another form */
export function parseAccess(settings: JsonValue): SshAccess {
  const parsed = accessSettings.safeParse(settings ?? {})
  if (!parsed.success) {
    throw new TronError(
      'UNREACHABLE',
      `the access settings cannot be used: ${z.prettifyError(parsed.error)}`,
      {
        hint: 'Correct ssh_options in the configuration.',
      },
    )
  }
  const { knownHostsFile, ...rest } = parsed.data
  return knownHostsFile === undefined ? rest : { ...rest, knownHostsFile }
}
