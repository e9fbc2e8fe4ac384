import { isIdentifier } from '@tron/model'
import { z } from 'zod'
import { nameKeywords } from './forms.ts'
import { acceptedHost, HOST, isHostName } from './host-name.ts'
import { HOST_PATTERN, IDENTIFIER, NODE_NAME, whole } from './keywords.ts'
import { anything, key, nodeReference, objectOf, wholeNumber } from './values.ts'

const USER = 'the name of a login without blanks'
const EXECUTOR = 'the name of an executor of the daemon, such as ssh or local'

const NAME =
  'What jobs call it. When this is left out, that is its key in a mapping, and its `hostname` in a list.'

const nodeName = anything.optional().meta(nameKeywords(NODE_NAME, 'letters, digits, _, - and dots'))

export const nodeSchema = objectOf({
  name: key(nodeName, NAME),
  hostname: key(
    z
      .string({ error: HOST })
      .refine(isHostName, { error: ({ input }) => acceptedHost(String(input)) })
      .meta({ pattern: HOST_PATTERN, errorMessage: `expected ${HOST}` }),
    'Where it is reached.',
    'batch1.example.com',
  ),
  username: key(
    z
      .string({ error: USER })
      .regex(/^[^\s-]\S*$/, { error: USER })
      .meta({ errorMessage: `expected ${USER}` })
      .optional(),
    'The login there; the user that the daemon runs as when left out.',
    'batch',
  ),
  port: key(wholeNumber(1, 65_535).default(22), 'The port of sshd.', 2222),
  executor: key(
    z
      .string({ error: EXECUTOR })
      .refine(isIdentifier, { error: EXECUTOR })
      .meta({ pattern: whole(IDENTIFIER), errorMessage: `expected ${EXECUTOR}` })
      .default('ssh'),
    'What reaches it: `ssh`, `local` for this machine without sshd, or an executor that the settings of the daemon name.',
    'local',
  ),
})

export const poolSchema = objectOf({
  name: key(
    nodeName,
    'What jobs call it. When this is left out, that is its key in a mapping, and in a list the names of its nodes, joined by `_`.',
  ),
  nodes: key(
    z
      .array(nodeReference, { error: 'a list of nodes' })
      .min(1, { error: 'a list of at least one node' })
      .meta({ errorMessage: 'expected a list of at least one node' }),
    'Its nodes. One that stands twice is taken twice as often.',
    ['batch1', 'batch2'],
  ),
})
