import type * as vitestModule from 'vitest'

type Vitest = typeof vitestModule

// An optional peer: whoever checks the rules by a program of their own has no use for it.
const vitest: Vitest | undefined = await import('vitest').catch((error: unknown) => {
  if (error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND') return undefined
  throw error
})

/** vitest, where the suite is declared by it. @throws where it is not installed */
export function requireVitest(): Vitest {
  if (vitest !== undefined) return vitest
  throw new Error('executorSuite needs vitest, which is not installed; runExecutorRules goes without it')
}
