import { executor } from '@tron/executor-local'
import { describe, expect, it } from 'vitest'

const validate = async (options: unknown) => executor.options['~standard'].validate(options)

describe('the options', () => {
  it('have defaults, by which the shell is started anew every hour', async () => {
    expect(await validate({})).toEqual({ value: { sessionMaxAgeMs: 3_600_000 } })
  })

  it.each([0, -1, 1.5, '1h'])('refuse %j as an age', async (sessionMaxAgeMs) => {
    const { issues } = await validate({ sessionMaxAgeMs })
    expect(issues?.map(({ path }) => path)).toEqual([['sessionMaxAgeMs']])
  })
})
