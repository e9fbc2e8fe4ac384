import { parseConfig } from '@tron/config'
import type { ConfigCheck, ConfigProblem } from '@tron/model'

export const MASTER = `nodes: [{name: n1, hostname: h1.example.com}, {name: n2, hostname: h2.example.com}]
node_pools: [{name: pool1, nodes: [n1, n2]}]
command_context: {CC: xyz}
`

/** Parses MASTER and, when given, one more namespace, `svc` unless named. */
export function parseOne(
  text: string,
  others: {
    readonly namespace?: string
    readonly master?: string
    readonly executors?: readonly string[]
  } = {},
): ConfigCheck {
  const { namespace = 'svc', master = MASTER, ...daemon } = others
  const documents = new Map([
    ['MASTER', { text: namespace === 'MASTER' ? text : master, file: 'MASTER.yaml' }],
  ])
  if (namespace !== 'MASTER') documents.set(namespace, { text, file: `${namespace}.yaml` })
  return parseConfig({ documents, systemZone: 'Europe/Berlin', daemonUser: 'tron', ...daemon })
}

export function errorsOf(check: ConfigCheck): readonly ConfigProblem[] {
  return check.problems.filter(({ severity }) => severity === 'error')
}
