import { describeBytes } from '../yaml/read-yaml.ts'

/** A text and, when the bytes are no such text, why and from which of its characters on. */
export interface DecodedText {
  readonly text: string
  readonly fault?: { readonly at: number; readonly message: string }
}

/** Takes bytes for UTF-8. What is larger than allowed is not looked at; what is no UTF-8 is shown with the sign for that. */
export function decodeText(bytes: Uint8Array, maxBytes: number): DecodedText {
  if (bytes.length > maxBytes) {
    const message = `the file is larger than ${describeBytes(maxBytes)}; split it into several namespaces`
    return { text: '', fault: { at: 0, message } }
  }
  // A byte order mark stays: places are counted in the text as it is.
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
  if (isUtf8(bytes)) return { text }
  const length = lengthOfUtf8(bytes)
  const at = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(0, length)).length
  const byte = (bytes[length] ?? 0).toString(16).padStart(2, '0').toUpperCase()
  return {
    text,
    fault: { at, message: `the file is not UTF-8: here stands the byte ${byte}; save it as UTF-8` },
  }
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return true
  } catch {
    return false
  }
}

/** How many bytes from the start are UTF-8, found by halving. */
function lengthOfUtf8(bytes: Uint8Array): number {
  let good = 0
  let bad = bytes.length
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2)
    if (beginsAsUtf8(bytes.subarray(0, middle))) good = middle
    else bad = middle
  }
  return startOfCharacter(bytes, good)
}

/** Whether bytes are UTF-8, the last character perhaps cut off. */
function beginsAsUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true })
    return true
  } catch {
    return false
  }
}

/** Where the character starts that `end` may cut. */
function startOfCharacter(bytes: Uint8Array, end: number): number {
  for (let start = end; start > Math.max(0, end - 4); start -= 1) {
    if (isUtf8(bytes.subarray(0, start))) return start
  }
  return end
}
