import { plainText, safeName, safeWord } from '@tron/node-protocol'
import { describe, expect, it } from 'vitest'

const texts = [
  'ns.job/2026-11-24T00:00:00Z/0/act/0',
  '',
  '-n',
  '--',
  '+',
  '++2b',
  'a+',
  'two words',
  '\n',
  `'"\\$\`*?[]{}~#&|;<>()!`,
  'naïve 日本語 🚀',
  '\u0000\u0001\u007f',
  '.',
  '..',
  '/',
  '50%',
]

describe('a safe word', () => {
  it.each(texts)('of %j is one word that shells leave alone, and is read back', (text) => {
    const word = safeWord(text)
    expect(word).toMatch(/^[A-Za-z0-9_.:/%+][A-Za-z0-9_.:/%+-]*$/)
    expect(plainText(word)).toBe(text)
  })

  it('differs for different texts', () => {
    expect(new Set(texts.map(safeWord)).size).toBe(texts.length)
    expect(new Set(texts.map(safeName)).size).toBe(texts.length)
  })
})

describe('a safe name', () => {
  it.each(texts)('of %j is the name of one visible file, and is read back', (text) => {
    const name = safeName(text)
    expect(name).toMatch(/^[A-Za-z0-9_:%+][A-Za-z0-9_.:%+-]*$/)
    expect(plainText(name)).toBe(text)
  })
})
