import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import {
  type ApiJob,
  type ApiRun,
  actionQuery,
  apiAction,
  apiRun,
  commandBody,
  configBody,
  jobsQuery,
  pathOf,
  ROUTES,
} from '@tron/api'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'

describe('routes', () => {
  it('are filled in with encoded segments', () => {
    expect(pathOf(ROUTES.action, 'MASTER.a', 'HEAD', 'é/1')).toBe('/api/jobs/MASTER.a/HEAD/%C3%A9%2F1')
    expect(pathOf(ROUTES.status)).toBe('/api/status')
  })

  it('name each method of a path once', () => {
    const offered = Object.values(ROUTES).map(({ method, path }) => `${method} ${path}`)
    expect(new Set(offered).size).toBe(offered.length)
  })
})

describe('requests', () => {
  it('have Tron’s defaults', () => {
    expect([jobsQuery.parse({}), actionQuery.parse({}), commandBody.parse({})]).toEqual([
      {
        include_job_runs: false,
        include_action_runs: false,
        include_action_graph: true,
        include_node_pool: true,
      },
      { include_stdout: false, include_stderr: false, include_meta: false, num_lines: 0 },
      {},
    ])
  })

  it.each([
    ['0', false],
    ['1', true],
    ['7', true],
  ])('read the flag %s as %s', (text, flag) => {
    expect(actionQuery.parse({ include_stdout: text }).include_stdout).toBe(flag)
  })

  it('say of a bad value what is accepted', () => {
    expect(issues('1e3')).toEqual([{ path: ['num_lines'], message: 'a whole number of at most 9 digits' }])
    expect(issues('12')).toBeUndefined()
  })

  it('can be described as JSON schema', () => {
    expect(z.toJSONSchema(configBody, { io: 'input' })).toMatchObject({
      type: 'object',
      required: ['name', 'config', 'hash'],
    })
  })
})

describe('responses', () => {
  it('may not have fields that the contract does not list', () => {
    expect(apiRun.safeParse({ surprise: 1 }).error?.issues.map((issue) => issue.code)).toContain(
      'unrecognized_keys',
    )
  })

  it('have a number as run_num on a run and a text on an action run', () => {
    expect([faults(apiRun, 1), faults(apiRun, '1'), faults(apiAction, '1'), faults(apiAction, 1)]).toEqual([
      0, 1, 0, 1,
    ])
  })

  it('have types that say so', () => {
    expect([numberOf, rename]).toHaveLength(2)
  })
})

it('the light entry loads no schema library', async () => {
  const hook = `
    import { registerHooks } from 'node:module'
    registerHooks({ resolve(name, context, next) { const found = next(name, context); console.log(found.url); return found } })
    await import('@tron/api/light')
  `
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--conditions=@tron/source', '--input-type=module', '--eval', hook],
    { cwd: new URL('..', import.meta.url) },
  )
  expect(stdout).toContain('/api/src/light.ts')
  expect(stdout).not.toContain('zod')
})

function issues(text: unknown) {
  return actionQuery
    .safeParse({ num_lines: text })
    .error?.issues.map(({ path, message }) => ({ path, message }))
}

function faults(schema: typeof apiRun | typeof apiAction, run_num: unknown) {
  return schema.safeParse({ run_num }).error?.issues.filter((issue) => issue.path[0] === 'run_num').length
}

function numberOf(run: ApiRun): number {
  return run.run_num
}

function rename(job: ApiJob): void {
  // @ts-expect-error -- what was read is not changed in place
  job.name = 'other'
}
