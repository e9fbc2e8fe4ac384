import { ROUTES } from '@tron/api'
import type { HttpContext } from './http-context.ts'

const PLACES = [ROUTES.jobs, ROUTES.status, ROUTES.index]

/** What answers here and where to look, for somebody with curl. */
export function frontText(http: HttpContext): string {
  const width = Math.max(...PLACES.map(({ path }) => path.length))
  const places = PLACES.map(({ path, purpose }) => `${path.padEnd(width)}  ${purpose}`)
  return [...sentencesOf(http), '', ...places, ''].join('\n')
}

/** The same for somebody with a browser. */
export function frontPage(http: HttpContext): string {
  const places = PLACES.map(({ path, purpose }) => `<li><a href="${path}">${path}</a> ${purpose}</li>`)
  const sentences = sentencesOf(http).map((sentence) => `<p>${escaped(sentence)}</p>`)
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Tron</title>
<h1>Tron</h1>
${sentences.join('\n')}
<ul>
${places.join('\n')}
</ul>
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

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
