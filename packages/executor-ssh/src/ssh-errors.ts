import { isTronError, messageOf, TronError } from '@tron/model'
import type { LoginKeys } from './login-keys.ts'
import { socketTrouble } from './tcp-socket.ts'

/** What somebody who reads an error of a login has to know. */
export interface LoginContext {
  /** The node's name. */
  readonly node: string
  /** Its address, as people read it. */
  readonly address: string
  readonly keys?: LoginKeys
  /** The server's first words. */
  readonly greeting?: string
}

/** Whether a server took the connection and dropped it before the key exchange: so it does when too many log in at once. */
export function isTurnedAway(error: unknown): boolean {
  const message = messageOf(error)
  return message.includes('Connection lost before handshake') || message.includes('ECONNRESET')
}

/** Any failure of a login as an error that names the node and says what to do. */
export function loginError(error: unknown, context: LoginContext): TronError {
  if (isTronError(error)) return error
  const message = messageOf(error)
  const fail = (text: string, hint?: string) =>
    new TronError('UNREACHABLE', `node ${context.node} (${context.address}) ${text}`, {
      cause: error,
      details: { node: context.node, address: context.address },
      ...(hint !== undefined && { hint }),
    })
  if (message.includes('authentication'))
    return fail(`refused the login: ${loginStory(message, context)}`, LOGIN_HINT)
  if (message.includes('no matching')) return fail(`cannot be talked to: ${message}`, ALGORITHM_HINT)
  if (isTurnedAway(error)) return fail(`turned the connection away${quoted(context.greeting)}`, STARTUPS_HINT)
  return fail(`cannot be reached: ${socketTrouble(error)}`)
}

/** For a login that cannot even be tried. */
export function noKeysError({ node, address, keys }: LoginContext): TronError {
  const problems = keys?.problems.join('; ') ?? ''
  return new TronError(
    'UNREACHABLE',
    `node ${node} (${address}): there is no key to log in with: ${problems}`,
    {
      hint: 'Name a private key in ssh_options.identities, or start an SSH agent and set ssh_options.agent.',
      details: { node, address },
    },
  )
}

const LOGIN_HINT =
  'Add the public key to authorized_keys of that user, or name the right key in ssh_options.identities. Certificates and FIDO keys are not supported.'
const ALGORITHM_HINT =
  'The host offers no algorithm that this transport knows; host certificates and post-quantum key exchange are not supported, ssh-rsa (SHA-1) only with the option allowSha1.'
const STARTUPS_HINT =
  'Its sshd may have too many logins going on: raise MaxStartups in its sshd_config. Or it does not admit this machine.'

function loginStory(message: string, { keys }: LoginContext): string {
  const tried = keys?.names.length ? `tried ${keys.names.join(', ')}` : 'no key could be tried'
  const unused = keys?.problems.length ? `; not tried: ${keys.problems.join('; ')}` : ''
  const said = message.includes('All configured') ? '' : ` (it said: ${message})`
  return `${tried}${unused}${said}`
}

function quoted(greeting: string | undefined): string {
  return greeting === undefined || greeting === '' || greeting.startsWith('SSH-')
    ? ''
    : `, saying "${greeting}"`
}
