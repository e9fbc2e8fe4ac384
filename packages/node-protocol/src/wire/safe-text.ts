const PLAIN = /^[A-Za-z0-9_.:/%-]$/

/**
 * A text as one word that every shell's `echo` and `read` leave alone: bytes other than letters, digits and `_.:/%-` become `+XX`. Never empty,
 * never starting with `-`.
 */
export function safeWord(text: string): string {
  let word = ''
  for (const byte of Buffer.from(text, 'utf8')) {
    const character = String.fromCharCode(byte)
    const isPlain = PLAIN.test(character) && !(word === '' && character === '-')
    word += isPlain ? character : `+${byte.toString(16).padStart(2, '0')}`
  }
  return word === '' ? '+' : word
}

/** Reads a safe word back. */
export function plainText(word: string): string {
  const bytes: number[] = []
  for (let at = 0; at < word.length; at += 1) {
    if (word[at] !== '+') bytes.push(word.charCodeAt(at))
    else if (at + 2 < word.length) {
      bytes.push(Number.parseInt(word.slice(at + 1, at + 3), 16))
      at += 2
    }
  }
  return Buffer.from(bytes).toString('utf8')
}

/** A text as the name of one file: a safe word without `/` that does not start with a dot. */
export function safeName(text: string): string {
  return safeWord(text).replaceAll('/', '+2f').replace(/^\./, '+2e')
}
