import { ROUTES } from '@tron/api'
import { html } from 'hono/html'
import type { HttpContext } from './http-context.ts'

const PLACES = [ROUTES.jobs, ROUTES.status, ROUTES.index]

/** What answers here and where to look, for somebody with curl. */
export function frontText(http: HttpContext): string {
  const width = Math.max(...PLACES.map(({ path }) => path.length))
  const places = PLACES.map(({ path, purpose }) => `${path.padEnd(width)}  ${purpose}`)
  return [...sentencesOf(http), '', ...places, ''].join('\n')
}

/** The same for somebody with a browser. */
export function frontPage(http: HttpContext) {
  const places = PLACES.map(({ path, purpose }) => html`<li><a href="${path}">${path}</a> ${purpose}</li>\n`)
  const sentences = sentencesOf(http).map((sentence) => html`<p>${sentence}</p>\n`)
  return html`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Tron</title>
<h1>Tron</h1>
${sentences}<ul>
${places}</ul>
</html>
`
}

function sentencesOf({ tron, version }: HttpContext): readonly string[] {
  const { state, reason } = tron.status()
  return [
    `Tron ${version} answers here; it is ${state}${reason === null ? '' : `: ${reason}`}.`,
    'There is no dashboard yet: tronview shows jobs, runs and output, and so do these:',
  ]
}
