export interface HttpAnswer {
  readonly status: number
  readonly headers: Headers
  /** The parsed body; its text where it is not JSON. */
  readonly body: unknown
}

export interface HttpCall {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Sent as a form, as Tron's own clients do. */
  readonly form?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
  /** How long to wait for the whole answer, in milliseconds; 10 s when left out. */
  readonly withinMs?: number
}

/** One HTTP call of a test. A status that says failure is an answer, not an error. */
export async function httpJson(url: string, call: HttpCall = {}): Promise<HttpAnswer> {
  const { form, headers = {}, withinMs = 10_000 } = call
  const method = call.method ?? (form === undefined ? 'GET' : 'POST')
  const response = await fetch(url, {
    method,
    headers: { ...headers },
    signal: AbortSignal.timeout(withinMs),
    ...(form === undefined ? {} : { body: new URLSearchParams({ ...form }) }),
  })
  return { status: response.status, headers: response.headers, body: parseBody(await response.text()) }
}

function parseBody(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
