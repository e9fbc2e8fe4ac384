/** The words of a line of sh that holds nothing but words in single quotes, as the protocol sends them. */
export function wordsOf(text: string): readonly string[] {
  const words: string[] = []
  let word = ''
  let isQuoted = false
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? ''
    if (character === "'") isQuoted = !isQuoted
    else if (isQuoted) word += character
    else if (character === '\\') {
      at += 1
      word += text[at] ?? ''
    } else if (character === ' ') {
      words.push(word)
      word = ''
    } else word += character
  }
  return [...words, word]
}
