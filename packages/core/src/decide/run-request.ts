/** What a start by hand is known by, on nodes too: its request, and its run time where one was asked for. A repeated request is known by the same. */
export function runRequest(requestId: string, askedMs: number | undefined): string {
  // An id has no control characters.
  return askedMs === undefined ? requestId : `${requestId}\n${askedMs}`
}

/** The run time that was asked for; null where it is the moment of the request. */
export function askedRunTime(request: string): number | null {
  const [, askedMs] = /\n(-?\d+)$/.exec(request) ?? []
  return askedMs === undefined ? null : Number(askedMs)
}
