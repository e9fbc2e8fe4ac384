import type * as vitestModule from 'vitest'

type Vitest = typeof vitestModule

// An optional peer: whoever checks the rules of a contract by a program of their own has no use for it.
const vitest: Vitest | undefined = await import('vitest').catch((error: unknown) => {
  if (error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND') return undefined
  throw error
})

/**
 * vitest, for a suite that is declared by it.
 * @throws where it is not installed; the message names the suite and what goes without
 */
export function requireVitest(suite: string, without: string): Vitest {
  if (vitest !== undefined) return vitest
  throw new Error(`${suite} needs vitest, which is not installed; ${without} goes without it`)
}
