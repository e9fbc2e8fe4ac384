import type { JsonValue } from '@tron/model'

/** Keys whose value is true or false: there a plain yes, no, on or off means what Tron 3's YAML took it for. */
const FLAG_KEYS = new Set([
  'agent',
  'all_nodes',
  'allow_overlap',
  'enabled',
  'eventbus_enabled',
  'queueing',
  'read_json',
  'trigger_downstreams',
  'use_k8s',
])
/** Keys whose value is an octal mode: there the digits as written count. */
const MODE_KEYS = new Set(['default_mode', 'mode'])
/** Keys below which anything may stand, so that only a remark can tell that Tron 3 read a value differently. */
const FREE_KEYS = new Set(['annotations', 'command_context', 'env', 'labels', 'monitoring', 'node_selectors'])

export function isFreeKey(key: string): boolean {
  return FREE_KEYS.has(key)
}

export interface PlainScalar {
  readonly key: string
  readonly source: string
  readonly value: JsonValue
  /** Somewhere below a key that may hold anything. */
  readonly free: boolean
}

/** What a scalar without quotes means here; with a remark when Tron 3, which read YAML 1.1, took it for something else. */
export function readPlainScalar(scalar: PlainScalar): {
  readonly value: JsonValue
  readonly remark?: string
} {
  const { key, source, value, free } = scalar
  const yes = /^(?:yes|Yes|YES|on|On|ON)$/.test(source)
  if (yes || /^(?:no|No|NO|off|Off|OFF)$/.test(source)) {
    if (FLAG_KEYS.has(key)) return { value: yes }
    return free
      ? { value, remark: `"${source}" is a text here; Tron 3 read ${yes}. Write "${source}" or ${yes}` }
      : { value }
  }
  if (MODE_KEYS.has(key) && typeof value === 'number') return { value: source }
  if (!free) return { value }
  if (/^0[0-7]+$/.test(source)) {
    return {
      value,
      remark: `${source} is ${Number(source)} here; Tron 3 read the octal ${Number.parseInt(source, 8)}. Put it in quotes if it is a text`,
    }
  }
  if (/^[1-9]\d*(?::[0-5]?\d)+$/.test(source)) {
    return {
      value,
      remark: `"${source}" is a text here; Tron 3 read a number to the base of 60. Put it in quotes`,
    }
  }
  return { value }
}
