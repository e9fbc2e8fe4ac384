# Read by the launchers in bin/, which set `root`. Plain sh without forks: it stands before every command a person types.
# Leaves our Node in `node`, or says what is missing and ends.

node=$root/.toolchain/bin/node
[ -x "$node" ] || node=node # the machine's own was new enough at set-up, so none was fetched

if [ ! -f "$root/apps/trond/dist/main.js" ] || [ ! -f "$root/apps/cli/dist/main.js" ]; then
  echo "${0##*/}: Tron is not set up yet. Run \`npm run setup\` in $root first." >&2
  exit 1
fi
