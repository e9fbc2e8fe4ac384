/**
 * Signals and releases. A signal goes to a group whose number was checked and whose leader's start time is the recorded one, in the one form that
 * no `kill` misreads; processes that left the group are found by the marker in their environment, whose NULs
 * busybox's grep stops at. All processes may be more than the arguments of one program: it would not be run, and that would look as if none were
 * marked. The exit status of `kill` says nothing: busybox tells of failure where it has sent.
 */
export const STOP = `
alive() {
  test -r /proc/$1/stat && read -r l </proc/$1/stat || return 1
  set -- $2 \${l##*")" }
  group=$4
  test "$2" != Z && test "$1" = "\${21}"
}
is_pid() {
  case $1 in
    '' | *[!0-9]* | 0 | 1) return 1 ;;
  esac
}
read_go() {
  at_dir $1
  go= pid= born= sup= sup_born= gboot=
  test -e $d/go && read -r go pid born sup sup_born gboot x <$d/go
}
is_whole() {
  case "$go $pid $x" in
    'R .'* | 'G '*' .') return 0 ;;
  esac
  return 1
}
of_processes() {
  f=$1
  shift
  echo /proc/[0-9]*/$f | LC_ALL=C xargs "$@"
}
look_go() {
  read_go $1
  made=0 open=0 torn=0
  test -e $d/go || return
  made=1
  is_whole && return
  of_processes fd/8 ls -l | grep -qF "/$1/state" && open=1
  read_go $1
  if is_whole; then open=0
  elif test $open = 0; then torn=1
  fi
}
find_claim() {
  c_boot= c_at=
  for f in $d/o.*; do
    test -p $f || continue
    f=\${f##*/o.}
    f=\${f#*.}
    c_boot=\${f%.*} c_at=\${f##*.}
    test "$c_boot" = "$boot" && return
  done
}
runs() {
  test "$gboot" = "$boot" && is_pid "$pid" && alive $pid $born
}
signal() {
  test -h "$fence" || { reply fenced; return; }
  read_go $1
  if test "$go" != G; then
    if test -d $d && ! test -e $d/go; then reply not-launched; else reply not-running; fi
    return
  fi
  if runs; then
    if test "$group" != "$pid"; then
      reply no-group
      return
    fi
    test $2 = 0 || kill -s $2 -- -$pid
    reply sent
  else
    reply not-running
  fi
}
marked() {
  case $searcher in
    grep) of_processes environ grep -lsF "TRON_ATTEMPT=$1." ;;
    *)
      of_processes environ head -c 1048576 /dev/null | tr '\\0' '\\n' |
        grep -e '^==> ' -e "^TRON_ATTEMPT=$1[.]\\$" | while read -r a b x; do
        case $a in
          '==>') f=$b ;;
          *) echo $f ;;
        esac
      done
      ;;
  esac
}
carries() {
  if test -z "$carriers"; then
    carriers=$nl$(of_processes environ head -c 1048576 /dev/null | tr '\\0' '\\n' | LC_ALL=C grep '^TRON_ATTEMPT=')$nl
  fi
  case $carriers in
    *"\${nl}TRON_ATTEMPT=$1.$nl"*) return 0 ;;
  esac
  return 1
}
hunt() {
  test $2 = 0 || test -h "$fence" || { reply fenced; return; }
  found=
  for f in $(marked $1); do
    p=\${f#/proc/}
    p=\${p%/environ}
    is_pid "$p" || continue
    found="$found $p"
    test $2 = 0 || kill -s $2 -- $p
  done
  reply found $found
}
ended() {
  look_go $1
  state=
  test $torn = 1 && return 0
  test "$go" = R && return 0
  if test "$go" = G && ! runs && ! { test "$gboot" = "$boot" && is_pid "$sup" && alive $sup $sup_born; }; then return 0; fi
  test -e $d/state && read -r state x <$d/state
  case $state in
    X | C | N) return 0 ;;
  esac
  return 1
}
keep_sizes() {
  LC_ALL=C ls -ln "$@" | while read -r x x x x size x x x f; do
    case $f in
      */out | */err) echo "\${f##*/} $size ." >>\${f%/*}/r ;;
    esac
  done
}
release() {
  test -h "$fence" || { reply fenced; return; }
  gone= emptied= files=
  for id; do
    at_dir $id
    if ! test -d $d; then gone="$gone $id"
    elif ended $id; then
      emptied="$emptied $id" files="$files $t/out $t/err $t/cmd $t/cmd.*"
      test $torn = 1 || files="$files $t/o.* $t/e.*"
    fi
  done
  if test -n "$files"; then
    keep_sizes $files
    rm -f $files
  fi
  files=
  for id in $emptied; do
    at_dir $id
    true >>$t/r
    test -e $t/r && files="$files l/$id" && gone="$gone $id"
  done
  test -n "$files" && rm -f $files
  reply released $gone
}
sweep() {
  test -h "$fence" || { reply fenced; return; }
  (
    find a -mindepth 3 -maxdepth 3 -name r -mtime +$1 | while IFS= read -r f; do
      f=\${f#a/}
      rm -rf $fence/\${f%/r}
    done
  ) </dev/null >/dev/null 2>&1 3<&- 4>&- &
  reply sweeping
}
`
