/**
 * Starts and revokes. `claim` makes the attempt's directory through the fence and reserves the exit record; the supervisor then competes for *go*.
 * A directory without go, left by a session that ended, is simply used again: only go decides, and only one can make it. A go without a record, and
 * without the pipes that every supervisor makes before it, was made by a revoke.
 */
export const LAUNCH = `
take() {
  text=
  IFS= read -r text || exit
  n=$1
  while test $n -gt 1; do
    IFS= read -r more || exit
    text=$text$nl$more
    n=$((n - 1))
  done
}
take_file() {
  n=$1 between= failed=0
  while test $n -gt 0; do
    IFS= read -r more || exit
    printf '%s%s' "$between" "$more" || failed=1
    between=$nl
    n=$((n - 1))
  done
}
at_dir() {
  x=\${1#??}
  x=\${1%"$x"}
  d=a/$x/$1
  t=$fence/$x/$1
}
reserve() {
  f=$t/state
  if test -e $f; then
    read -r l <$f
    case $l in
      *' .') return 0 ;;
    esac
    rm -f $f
  fi
  set -C
  echo 'R ############################################################# .' >$f
  n=$?
  set +C
  test $n = 0 || { rm -f $f; return 1; }
}
prepare() {
  why=fenced
  test -h "$fence" || return 1
  why=full
  true >l/$1 || return 1
  test -d $t || mkdir $fence/$x $t
  test -d $t && reserve && return 0
  # All of it goes through the fence: what failed may have failed for that.
  test -h "$fence" || why=fenced
  return 1
}
went() {
  go=- state=-
  test -e $d/go || return 1
  read -r go x <$d/go
  read -r state x <$d/state
  why=exists
  case $go in
    R) why=revoked ;;
    '')
      find_claim
      test -n "$c_boot" || why=revoked
      ;;
  esac
  case $state in
    N) why=never ;;
  esac
}
describe() {
  echo "$meta ." >$t/meta && return 0
  test -h "$fence" || why=fenced
  return 1
}
claims() {
  dirs=
  for id; do
    at_dir $id
    dirs="$dirs $fence/$x $t"
  done
  test -h "$fence" && mkdir $dirs
  reply claimed
}
start() {
  id=$1 meta="$2 $3 $4" kind=$5 words=$6
  shift 6
  at_dir $id
  if went || ! { prepare $id && describe; }; then
    while test $1 != .; do take_file $1 >/dev/null; shift; done
    reply $why
    return
  fi
  case $kind in
    *-file)
      # Whoever was launched before may be reading it: it becomes another one at once, or stays.
      if true >$t/cmd.$nonce; then take_file $1 >>$d/cmd.$nonce
      else
        take_file $1 >/dev/null
        failed=1
      fi
      shift
      test $failed = 1 || mv -f $t/cmd.$nonce $t/cmd || failed=1
      if test $failed = 1; then
        rm -f $t/cmd.$nonce
        take_file $1 >/dev/null
        why=full
        test -h "$fence" || why=fenced
        reply $why
        return
      fi
      ;;
  esac
  take $1
  pending="$pending $((words + 4)) $id $d $t $kind $text"
  reply launching
}
launch() {
  eval "set -- $pending"
  pending=
  test $# = 0 || detach "$base" "$boot" "$setsid" "$env" "$login" "$@" || { reply failed; return; }
  reply launched
}
detach() {
  case $launcher in
    setsid-f) "$setsid" -f "$sh" -c "$supervise" tron "$@" ;;
    start-stop-daemon) start-stop-daemon -S -b -p "$PWD/no-pid" -x "$sh" -- -c "$supervise" tron "$@" ;;
    *) "$setsid" "$sh" -c "$supervise" tron "$@" & ;;
  esac </dev/null >/dev/null 2>&1 3<&- 4>&-
}
revoke() {
  at_dir $1
  if ! went; then
    prepare $1 || { reply $why; return; }
    set -C
    { true >$t/go && { echo 'R .' >>$d/go || echo 'N 0 .' 1<>$d/state; }; } 8<$t/state
    set +C
    went || { reply fenced; return; }
  fi
  case $why in
    never) reply revoked ;;
    *) reply $why ;;
  esac
}
`
