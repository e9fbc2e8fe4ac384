import { executor } from '@tron/executor-ssh'
import { describe, expect, it } from 'vitest'

const validate = async (options: unknown) => executor.options['~standard'].validate(options)

describe('the options', () => {
  it('have defaults, by which connections are renewed every hour', async () => {
    expect(await validate({})).toEqual({
      value: {
        keepaliveIntervalMs: 5_000,
        keepaliveCountMax: 2,
        maxConnecting: 4,
        openTimeoutMs: 20_000,
        allowSha1: false,
        sessionMaxAgeMs: 3_600_000,
      },
    })
  })

  it.each([0, -1, 1.5, '1h'])('refuse %j as an age', async (sessionMaxAgeMs) => {
    const { issues } = await validate({ sessionMaxAgeMs })
    expect(issues?.map(({ path }) => path)).toEqual([['sessionMaxAgeMs']])
  })
})
