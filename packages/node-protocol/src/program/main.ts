import { FENCE } from './fence.ts'
import { LAUNCH } from './launch.ts'
import { LIST } from './list.ts'
import { READ } from './read.ts'
import { STOP } from './stop.ts'
import { SUPERVISE } from './supervise.ts'

const PROBE = `
probe() {
  machine=-
  test -r /etc/machine-id && read -r machine </etc/machine-id
  boot=-
  read -r boot </proc/sys/kernel/random/boot_id
  read -r up x </proc/uptime
  setsid=$(command -v setsid)
  env=$(command -v env)
  launcher=plain
  if test -n "$setsid" && "$setsid" -f true </dev/null >/dev/null 2>&1 4>&-; then launcher=setsid-f
  elif command -v start-stop-daemon >/dev/null; then launcher=start-stop-daemon
  fi
  follower=poll
  tail --pid=$$ -n 0 /dev/null && follower=tail
  searcher=head
  printf 'a\\0b\\n' | grep -qF b && searcher=grep
  missing=
  for p in setsid env mkfifo tee grep head tail tr ls mkdir mv ln rm find xargs; do
    command -v $p >/dev/null || missing="$missing $p"
  done
  test -n "$boot$up" && test -r /proc/self/stat || missing="$missing /proc"
  echo "HELLO $nonce 1 $$ \${machine:--} $boot $up $launcher $follower ."
  test -z "$missing" || echo "MISSING$missing ."
  echo "READY $nonce ."
}
`

/**
 * Events go to the channel's standard error, which nothing else writes to; the first line says where they begin. The journal stays open beside its
 * follower, from before that opens it: so a ping can tell whether it is still the one of the spool. In a spool that was removed or put back another
 * one stands at its place, or none.
 */
const FOLLOW = `
follow() {
  echo >&4
  echo "J $1 ." >&4
  exec 3<&-
  command exec 3<journal
  case $follower in
    tail) tail --pid=$$ -c +$(($1 + 1)) -f journal </dev/null >&4 3<&- 4>&- & ;;
    *) poll $1 </dev/null >&4 4>&- & ;;
  esac
  follower_pid=$!
  reply following
}
ping() {
  if test -n "$follower_pid" && ! { enter && test journal -ef /proc/$$/fd/3; }; then reply unheard
  elif test -h "$fence"; then reply held; else reply fenced; fi
}
poll() {
  exec 3<journal
  test $1 = 0 || dd bs=$1 count=1 <&3 >/dev/null
  while kill -0 $$; do
    while IFS= read -r l <&3; do echo "$l"; done
    printf %s "$l"
    sleep 0.2 || sleep 1
  done
}
`

const MAIN = `
reply() { echo "= $token $* ."; }
main() {
  exec 4>&2 2>/dev/null
  follower_pid= pending=
  fence=-
  probe
  while IFS= read -r line; do
    case $line in
      *' .') ;;
      *) continue ;;
    esac
    case $line in
      *' start '*) set -- $line ;;
      *) set -- \${line%' .'} ;;
    esac
    token=$1 request=$2
    shift 2
    case $request in
      start | claims | launch | look | claim | rotate | follow | revoke | signal | hunt | release | sweep | sizes | bytes | list | live | prefixes | inventory | ping) $request "$@" ;;
      *) reply unknown ;;
    esac
  done
  test -z "$follower_pid" || kill -s TERM $follower_pid
}
`

/**
 * The whole program as one compound command: nothing may be sent after it until its READY line. What bash makes of its options in the environment it
 * lets nobody assign, and what is inherited need not be: it is left out of what the login exports, where the shell can.
 */
export function nodeProgram(options: { readonly nonce: string; readonly shell: string }): string {
  const functions = [PROBE, FENCE, LAUNCH, STOP, LIST, READ, FOLLOW, MAIN].join('')
  return `{
login=$(command export -n SHELLOPTS BASHOPTS 2>/dev/null; export -p)
nonce=${options.nonce} sh=${options.shell}
nl='
'
supervise='${SUPERVISE}'
${functions}
main
exit
}
`
}
