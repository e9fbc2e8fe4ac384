import { isTronError } from '@tron/model'
import { describe, expect, it } from 'vitest'
import { parseSettings, readSettings } from '../src/settings.ts'

function refusal(text: string): string {
  try {
    parseSettings(text, 'trond.yaml')
  } catch (error) {
    if (isTronError(error, 'SETTINGS')) return error.message
    throw error
  }
  throw new Error('expected a refusal')
}

const defaults = {
  store: { name: 'sqlite', options: {} },
  logs: { name: 'files', options: {} },
  executors: {},
  allowed_hosts: [],
}

describe('settings', () => {
  it.each(['', '# nothing yet\n', '{}'])('are defaults for %j', (text) => {
    expect(parseSettings(text, 'trond.yaml')).toEqual(defaults)
  })

  it('are defaults when there is no file', async () => {
    expect(await readSettings('/nowhere/trond.yaml')).toEqual(defaults)
  })

  it('name parts with options of their own', () => {
    const text = `
store:
  name: postgres
  options: { url: { env: DATABASE_URL } }
executors:
  ssh:
  k8s:
    module: '@acme/tron-k8s'
    options: { context: prod }
`
    expect(parseSettings(text, 'trond.yaml')).toEqual({
      store: { name: 'postgres', options: { url: { env: 'DATABASE_URL' } } },
      logs: { name: 'files', options: {} },
      executors: { ssh: { options: {} }, k8s: { module: '@acme/tron-k8s', options: { context: 'prod' } } },
      allowed_hosts: [],
    })
  })

  it('are refused with the place of every unknown key', () => {
    const text = 'store:\n  name: sqlite\n  optoins: {}\nport: 80\nexecutors:\n  k8s: { modul: x }\n'
    expect(refusal(text).split('\n')).toEqual([
      'trond.yaml:3:3: unknown key; accepted: name, options [store.optoins]',
      'trond.yaml:6:10: unknown key; accepted: module, options [executors.k8s.modul]',
      'trond.yaml:4:1: unknown key; accepted: store, logs, executors, allowed_hosts [port]',
    ])
  })

  it('are refused with the place of a wrong value', () => {
    expect(refusal('store: { name: 5 }\n')).toBe(
      'trond.yaml:1:10: Invalid input: expected string, received number [store.name]',
    )
    expect(refusal('store: sqlite\n')).toBe(
      'trond.yaml:1:1: Invalid input: expected object, received string [store]',
    )
    expect(refusal('- a\n')).toBe('trond.yaml:1:1: Invalid input: expected object, received array')
  })

  it('name the hosts that the daemon is known under, as browsers write them', () => {
    const { allowed_hosts: hosts } = parseSettings('allowed_hosts: [Tron.example., batch-1]\n', 'trond.yaml')
    expect(hosts).toEqual(['tron.example', 'batch-1'])
    expect(refusal('allowed_hosts:\n  - tron.example:8089\n')).toMatch(
      /^trond\.yaml:\d+:\d+: a host name without a port \[allowed_hosts\.0\]$/,
    )
  })

  it('are refused with the place where they are not YAML', () => {
    expect(refusal('store: {\n')).toMatch(/^trond\.yaml:\d+:\d+: /)
  })
})
