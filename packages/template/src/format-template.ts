/** One piece of a template: plain text, or a field to fill in. */
export type Piece = { readonly text: string } | { readonly field: Field }

/** A field between braces: `{name[index]!conversion:format}`. */
export interface Field {
  /** The whole between the braces, as written. */
  readonly source: string
  readonly name: string
  readonly indexes: readonly string[]
  readonly conversion: string | null
  /** The format behind the colon, which may have fields of its own, as in `{name:>{WIDTH}}`. */
  readonly format: readonly Piece[]
  /** Whether it stands behind a `$`, as a variable of the shell does. */
  readonly afterDollar: boolean
}

export type SplitTemplate =
  | { readonly ok: true; readonly pieces: readonly Piece[] }
  | { readonly ok: false; readonly reason: string }

/** Jobs run the same few thousand commands over and over. Long ones are rare and would hold much memory. */
const REMEMBERED = { templates: 4096, length: 1024 }
const remembered = new Map<string, SplitTemplate>()

/** Splits a template into text and fields. `{{` and `}}` are braces; one that forms no field is an error. */
export function splitTemplate(template: string): SplitTemplate {
  const known = remembered.get(template)
  if (known !== undefined) return known
  const fresh = split(template, true)
  if (template.length > REMEMBERED.length) return fresh
  if (remembered.size >= REMEMBERED.templates) remembered.clear()
  remembered.set(template, fresh)
  return fresh
}

function split(template: string, nesting: boolean): SplitTemplate {
  const pieces: Piece[] = []
  let text = ''
  let at = 0
  while (at < template.length) {
    const brace = find(/[{}]/g, template, at)
    text += template.slice(at, brace)
    if (brace === template.length) break
    const char = template.charAt(brace)
    if (template.charAt(brace + 1) === char) {
      text += char
      at = brace + 2
      continue
    }
    const read = char === '}' ? single(brace) : readField(template, brace, nesting)
    if ('reason' in read) return { ok: false, reason: read.reason }
    if (text !== '') pieces.push({ text })
    text = ''
    pieces.push({ field: read.field })
    at = read.end
  }
  if (text !== '') pieces.push({ text })
  return { ok: true, pieces }
}

type ReadField = { readonly field: Field; readonly end: number } | { readonly reason: string }

/** Reads the field that a brace opens. What stands in square brackets may be anything but their end, as in Python. */
function readField(template: string, brace: number, nesting: boolean): ReadField {
  const nameEnd = endOfName(template, brace + 1)
  const mark = template.charAt(nameEnd)
  if (mark === '{') {
    return { reason: `a "{" inside {${template.slice(brace + 1, nameEnd)}; write "{{" for a brace` }
  }
  const formatEnd = mark === '}' ? nameEnd : endOfFormat(template, nameEnd)
  if (formatEnd === template.length) return unclosed(brace)
  const source = template.slice(brace + 1, formatEnd)
  const reference = splitReference(template.slice(brace + 1, nameEnd))
  if (reference === null) {
    return { reason: `{${source}}: only plain names can be used, without dots; [KEY] reaches into a value` }
  }
  const [, conversion = null, text = ''] =
    /^(?:!([^:]*))?(?::(.*))?$/s.exec(template.slice(nameEnd, formatEnd)) ?? []
  const format = formatPieces(text, nesting)
  if (!format.ok) return { reason: `{${source}}: ${format.reason}` }
  const afterDollar = template.charAt(brace - 1) === '$'
  return {
    field: { source, ...reference, conversion, format: format.pieces, afterDollar },
    end: formatEnd + 1,
  }
}

function formatPieces(text: string, nesting: boolean): SplitTemplate {
  if (!/[{}]/.test(text)) return { ok: true, pieces: text === '' ? [] : [{ text }] }
  return nesting ? split(text, false) : { ok: false, reason: 'braces go no deeper than this' }
}

function single(brace: number): { readonly reason: string } {
  return { reason: `a single "}" at character ${brace + 1}; write "}}" for a brace` }
}

function unclosed(brace: number): { readonly reason: string } {
  return { reason: `a "{" that is never closed at character ${brace + 1}; write "{{" for a brace` }
}

function endOfName(template: string, from: number): number {
  let at = find(/[{}[:!]/g, template, from)
  while (template.charAt(at) === '[') at = find(/[{}[:!]/g, template, find(/\]/g, template, at))
  return at
}

/** The brace that closes a field whose format has begun: braces within it come in pairs. */
function endOfFormat(template: string, from: number): number {
  let open = 1
  let at = from
  while (at < template.length) {
    at = find(/[{}]/g, template, at)
    open += template.charAt(at) === '{' ? 1 : -1
    if (open === 0) break
    at += 1
  }
  return Math.min(at, template.length)
}

/** A name and the indexes behind it. Null when a dot or something else follows, or an index is empty. */
function splitReference(reference: string): Pick<Field, 'name' | 'indexes'> | null {
  const end = find(/[.[]/g, reference, 0)
  const rest = reference.slice(end)
  if (!/^(?:\[[^\]]+\])*$/.test(rest)) return null
  const indexes = rest === '' ? [] : rest.slice(1, -1).split('][')
  return { name: reference.slice(0, end), indexes }
}

/** Where the next of some characters stands, or the end: looked for once, so that no text takes more than its length. */
function find(chars: RegExp, text: string, from: number): number {
  chars.lastIndex = from
  return chars.exec(text)?.index ?? text.length
}
