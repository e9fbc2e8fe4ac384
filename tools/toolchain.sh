#!/usr/bin/env bash
# Prints a folder to put first on PATH, with a Node that we support and the pinned pnpm: the machine's own Node where it is new enough,
# else one from the npm registry in .toolchain/ (ignored by git). Runs no install script: the platform's package holds the binary itself.
set -euo pipefail
cd "$(dirname "$0")/.."
node_version=26.10.0 pnpm_version=12.21.0
pins="pnpm $pnpm_version node $node_version"
bin=$PWD/.toolchain/bin

# The quick way: what is installed is what is pinned, and it brought its own Node, so that the machine's does not matter.
if [[ -x $bin/node && "$(cat .toolchain/installed 2>/dev/null)" == "$pins" ]]; then
  echo "$bin"
  exit 0
fi

# Ask the machine's own Node, not the one we put there: this script also runs with its own folder on PATH.
own_path=${PATH//$bin:/}
if ! PATH=$own_path command -v npm >/dev/null || ! PATH=$own_path command -v node >/dev/null; then
  echo 'Tron needs Node (20 or newer) and npm to set itself up; install them with the package manager of your system.' >&2
  exit 1
fi
own=$(PATH=$own_path node -p 'const [a, b] = process.versions.node.split(".").map(Number); a >= 26 || (a === 24 && b >= 11)')
want=("pnpm@$pnpm_version")
if [[ $own != true || -n "${TRON_PINNED_NODE:-}" ]]; then
  platform=$(PATH=$own_path node -p 'process.platform + "-" + process.arch')
  want+=("node-$platform@$node_version")
fi
if [[ ! -x $bin/pnpm || "$(cat .toolchain/installed 2>/dev/null)" != "$pins" || (${#want[@]} -eq 2 && ! -x $bin/node) ]]; then
  echo 'Tron: fetching the tool chain (the first time only) …' >&2
  rm -rf .toolchain
  npm install --prefix .toolchain --ignore-scripts --no-save --no-audit --no-fund --loglevel=error "${want[@]}" >&2
  mkdir -p "$bin"
  exe=(.toolchain/node_modules/@pnpm/exe.*/pnpm) # without its install script `pnpm` is a placeholder that only a shell can run
  ln -s "../../${exe[0]}" "$bin/pnpm"
  if [[ ${#want[@]} -eq 2 ]]; then
    ln -s "../node_modules/node-$platform/bin/node" "$bin/node"
    "$bin/node" --version >/dev/null
  fi
  "$bin/pnpm" --version >/dev/null
  echo "$pins" >.toolchain/installed
fi
echo "$bin"
