#!/usr/bin/env bash
# Runs every check, the quick ones first, and ends with a summary. All of them run, so that one round shows all that is wrong.
# Arguments go to vitest. Wants our Node and pnpm on PATH: `npm test` sees to that.
set -uo pipefail
cd "$(dirname "$0")/.."
export TURBO_TELEMETRY_DISABLED=1
summary=() failed=0

check() {
  local name=$1 begun=$EPOCHREALTIME log state=ok seconds
  shift
  log=$(mktemp)
  if ! "$@" >"$log" 2>&1 </dev/null; then
    state=FAILED
    failed=1
    printf '\n── %s failed: %s\n' "$name" "$*"
    cat "$log"
  fi
  rm -f "$log"
  seconds=$(((${EPOCHREALTIME/[.,]/} - ${begun/[.,]/}) / 100000))
  summary+=("$(printf '%-11s %-7s %3d.%d s' "$name" "$state" $((seconds / 10)) $((seconds % 10)))")
}

check boundaries pnpm --silent boundaries
check types pnpm --silent types
check lint pnpm --silent lint
check format pnpm --silent format
check unused pnpm --silent unused

# The tests are the long part: they are seen as they run. Their counts also go to a file, for .ci/run.
begun=$SECONDS state=ok
pnpm --silent unit --reporter=default --reporter=json --outputFile.json=node_modules/.tron/tests.json "$@" || state=FAILED failed=1
summary+=("$(printf '%-11s %-7s %5d s' unit "$state" $((SECONDS - begun)))")

printf '\n'
printf '%s\n' "${summary[@]}"
exit "$failed"
