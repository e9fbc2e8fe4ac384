/** One piece of a template: plain text, or a field to fill in. */
export type Piece = { readonly text: string } | { readonly field: Field }

/** A field between braces: `{name[index]!conversion:format}`. */
export interface Field {
  /** The whole between the braces, as written. */
  readonly source: string
  readonly name: string
  readonly indexes: readonly string[]
  readonly conversion: string | null
  readonly format: string
}

export type SplitTemplate =
  | { readonly ok: true; readonly pieces: readonly Piece[] }
  | { readonly ok: false; readonly reason: string }

/** Splits a template into text and fields. `{{` and `}}` are braces; one that forms no field is an error. */
export function splitTemplate(template: string): SplitTemplate {
  const pieces: Piece[] = []
  let text = ''
  let at = 0
  while (at < template.length) {
    const brace = nextBrace(template, at)
    text += template.slice(at, brace)
    if (brace === template.length) break
    const char = template.charAt(brace)
    if (template.charAt(brace + 1) === char) {
      text += char
      at = brace + 2
      continue
    }
    if (char === '}')
      return { ok: false, reason: `a single "}" at character ${brace + 1}; write "}}" for a brace` }
    const end = template.indexOf('}', brace)
    const source = template.slice(brace + 1, end)
    if (end < 0)
      return {
        ok: false,
        reason: `a "{" that is never closed at character ${brace + 1}; write "{{" for a brace`,
      }
    if (source.includes('{')) return { ok: false, reason: `a "{" inside {${source}}; write "{{" for a brace` }
    if (text !== '') pieces.push({ text })
    text = ''
    pieces.push({ field: splitField(source) })
    at = end + 1
  }
  if (text !== '') pieces.push({ text })
  return { ok: true, pieces }
}

function nextBrace(template: string, from: number): number {
  const open = template.indexOf('{', from)
  const close = template.indexOf('}', from)
  if (open < 0 && close < 0) return template.length
  return Math.min(open < 0 ? template.length : open, close < 0 ? template.length : close)
}

function splitField(source: string): Field {
  const match = /^([^!:]*)(?:!([^:]*))?(?::(.*))?$/s.exec(source)
  const [, reference = source, conversion = null, format = ''] = match ?? []
  const indexed = /^([^[]+)((?:\[[^\]]+\])+)$/.exec(reference)
  const indexes = [...(indexed?.[2] ?? '').matchAll(/\[([^\]]+)\]/g)].map(([, index = '']) => index)
  return { source, name: indexed?.[1] ?? reference, indexes, conversion, format }
}
