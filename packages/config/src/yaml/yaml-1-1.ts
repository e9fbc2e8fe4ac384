/** What YAML 1.1, as Tron 3 read it, takes a scalar without quotes for. */
export type Yaml11 =
  | { readonly kind: 'text' | 'null' | 'time' }
  | { readonly kind: 'truth'; readonly value: boolean }
  | { readonly kind: 'number'; readonly value: number; readonly how: string }

const NUMBERS: readonly (readonly [form: RegExp, how: string, value: (digits: string) => number])[] = [
  [/^[-+]?0b[01_]+$/, 'the binary', (digits) => Number.parseInt(digits.replace('0b', ''), 2)],
  [/^[-+]?0x[\da-fA-F_]+$/, 'the hexadecimal', (digits) => Number.parseInt(digits.replace('0x', ''), 16)],
  [/^[-+]?0[0-7_]+$/, 'the octal', (digits) => Number.parseInt(digits, 8)],
  [/^[-+]?(?:0|[1-9][\d_]*)$/, 'the number', Number],
  [/^[-+]?[1-9][\d_]*(?::[0-5]?\d)+$/, 'the base-60 number', sexagesimal],
  [/^[-+]?\d[\d_]*(?::[0-5]?\d)+\.[\d_]*$/, 'the base-60 number', sexagesimal],
  // A point comes first only where no sign does.
  [/^(?:[-+]?\d[\d_]*\.[\d_]*|\.\d[\d_]*)(?:[eE][-+]\d+)?$/, 'the number', Number],
  [/^[-+]?\.(?:inf|Inf|INF)$/, 'the number', (digits) => (digits.startsWith('-') ? -Infinity : Infinity)],
  [/^\.(?:nan|NaN|NAN)$/, 'the number', () => Number.NaN],
]

const TIME = /^\d{4}-\d\d?-\d\d?(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d\d?(?::\d\d)?))?$/

/** A time that Tron 3 wrote as it had read it. */
const SAME_TIME =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]) (?:[01]\d|2[0-3])(?::[0-5]\d){2}(?:\.(?!0{6})\d{6})?$/

/** Reads a scalar without quotes by the rules of YAML 1.1. A day is a text, and so is a time of that form: it is written out again as it was. */
export function readYaml11(source: string): Yaml11 {
  if (/^(?:yes|Yes|YES|true|True|TRUE|on|On|ON)$/.test(source)) return { kind: 'truth', value: true }
  if (/^(?:no|No|NO|false|False|FALSE|off|Off|OFF)$/.test(source)) return { kind: 'truth', value: false }
  if (/^(?:~|null|Null|NULL|)$/.test(source)) return { kind: 'null' }
  if (TIME.test(source) && !SAME_TIME.test(source)) return { kind: 'time' }
  for (const [form, how, value] of NUMBERS) {
    if (form.test(source)) return { kind: 'number', value: value(source.replaceAll('_', '')), how }
  }
  return { kind: 'text' }
}

function sexagesimal(digits: string): number {
  const sign = digits.startsWith('-') ? -1 : 1
  const parts = digits.replace(/^[-+]/, '').split(':')
  return sign * parts.reduce((sum, part) => sum * 60 + Number(part), 0)
}
