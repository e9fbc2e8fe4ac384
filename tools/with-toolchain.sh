#!/usr/bin/env bash
# Installs and builds what is missing or changed, quietly, then runs the given command with our Node and pnpm first on PATH.
# What was done is remembered in node_modules/.tron/, so that doing nothing costs some 50 ms.
set -euo pipefail
cd "$(dirname "$0")/.."

# One set-up at a time, by a lock on this very file; it is given back before the command runs.
exec 9<tools/with-toolchain.sh
if command -v flock >/dev/null; then flock 9; fi

PATH=$(bash tools/toolchain.sh):$PATH
export PATH TURBO_TELEMETRY_DISABLED=1
state=node_modules/.tron

# Runs a step with its output kept back; shows all of it when the step fails.
quietly() {
  local name=$1 log
  shift
  log=$(mktemp)
  if ! "$@" >"$log" 2>&1 </dev/null; then
    cat "$log" >&2
    rm -f "$log"
    echo "Tron: $name failed; the output is above." >&2
    exit 1
  fi
  rm -f "$log"
}

manifests() {
  cksum pnpm-lock.yaml pnpm-workspace.yaml package.json {packages,apps,examples}/*/package.json tools/toolchain.sh 2>/dev/null
}

# Whether something that was built is gone, or anything below a src folder, or a setting of the build, came or changed after the last build.
# A folder counts too: a deleted file changes it.
changed_since_build() {
  local output
  [[ -f $state/built && -f $state/building ]] || return 0
  while read -r output; do
    [[ -f $output ]] || return 0
  done <"$state/built"
  [[ -n $(find tsconfig.base.json {packages,apps}/*/{src,tsconfig.json,package.json} -cnewer "$state/building" -print -quit) ]]
}

# Whether a manifest changed since the packages were installed, or the packages of a member of the workspace are gone.
changed_since_install() {
  local manifest
  [[ "$(cat "$state/installed" 2>/dev/null)" == "$1" ]] || return 0
  for manifest in {packages,apps}/*/package.json; do
    [[ -d ${manifest%/*}/node_modules ]] || return 0
  done
  return 1
}

prepare() {
  local now
  now=$(manifests)
  if changed_since_install "$now"; then
    echo 'Tron: installing packages …' >&2
    quietly 'installing packages' pnpm install --frozen-lockfile --prefer-offline
    mkdir -p "$state"
    printf '%s\n' "$now" >"$state/installed"
  fi
  if changed_since_build; then
    echo 'Tron: building …' >&2
    touch "$state/building" # dated before the build, so that a change made meanwhile is built the next time
    rm -f "$state/built"
    quietly 'the build' pnpm build
    printf '%s\n' {packages,apps}/*/dist/.tsbuildinfo >"$state/built"
  fi
}

prepare
exec 9>&-
exec "$@"
