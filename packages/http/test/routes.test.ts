import { pathOf, ROUTES } from '@tron/api'
import { sampleJob, sampleJobView, sampleRun } from '@tron/http/testing'
import { expect, it } from 'vitest'
import { setUp } from './app-under-test.ts'

it.each(Object.entries(ROUTES))('the contract’s route %s is offered', async (_name, route) => {
  const { app, tron } = setUp()
  const spec = sampleJob('MASTER.a')
  tron.setJob(sampleJobView(spec), [sampleRun(spec, 0, { state: 'running' })])
  const { status } = await app.request(pathOf(route, 'MASTER.a', '0', 'work'), { method: route.method })
  // A command without a word is known by its refusal, an upload without fields too.
  expect([200, 302, 400, 501]).toContain(status)
})

it('nothing is offered that the contract does not name', () => {
  const { app } = setUp()
  const offered = new Set(
    app.routes
      .filter(({ method, path }) => ['GET', 'POST', 'PUT', 'DELETE'].includes(method) && path !== '/*')
      .map(({ method, path }) => `${method} ${path}`),
  )
  expect(offered).toEqual(new Set(Object.values(ROUTES).map(({ method, path }) => `${method} ${path}`)))
})
