/**
 * The spool and its fence. The spool's generation `g.<nonce>` is made aside and becomes the only one by a hard link, which is exclusive and carries
 * its content. In it exactly one link `f.<epoch>.<connection>.<nonce>` leads to `a`: renaming it is a compare-and-set, and every step that
 * changes something goes through it, so that a session whose link was renamed can do nothing more.
 */
export const FENCE = `
guard() {
  test -h "$1" && { why=symlink; return 1; }
  test -e "$1" || return 0
  set -- "$1" $(LC_ALL=C ls -lnd "$1")
  case $2 in
    drwx------*) ;;
    *) why=mode; return 1 ;;
  esac
  test -O "$1" || { why=owner; return 1; }
}
guards() {
  test -h "$root" && { why=symlink; return 1; }
  guard "$root/$inst" && guard "$spool"
}
enter() {
  test -r "$spool/gen" || return 1
  read -r gen x <"$spool/gen"
  test "$x" = . && test -d "$spool/$gen" && CDPATH= cd "$spool/$gen" >/dev/null
}
find_link() {
  link=-
  for f in f.*; do test -h "$f" && link=$f; done
}
journal_state() {
  jgen=-
  read -r x jgen x <journal
  set -- $(LC_ALL=C ls -ln journal)
  jsize=\${5:-0}
}
look() {
  inst=$1 node=$2
  IFS= read -r root || exit
  test -n "$root" || root=$HOME/.tron-spool
  spool=$root/$inst/$node
  guards || { reply unfit $why; return; }
  enter || { reply none; return; }
  find_link
  holder=- home=-
  read -r holder x <h.$link
  read -r home x <machine
  journal_state
  reply held $gen $link $holder $home $jgen $jsize
}
make() (
  umask 077
  mkdir -p "$root"
  test -d "$root/$inst" || mkdir "$root/$inst"
  test -d "$spool" || mkdir "$spool"
  guards && CDPATH= cd "$spool" >/dev/null || exit 1
  g=g.$nonce
  mkdir $g $g/a $g/l && echo "$machine ." >$g/machine && echo "J $nonce ." >$g/journal &&
    ln -s a $g/f.0.0.- && echo "$g ." >gen.$nonce || { rm -rf $g gen.$nonce; exit 1; }
  ln gen.$nonce gen
  rm -f gen.$nonce
  read -r gen x <gen || exit 1
  test "$gen" = "$g" || rm -rf $g
)
claim() {
  base=$4
  enter || { make && enter; } || { reply failed; return; }
  echo "$3 ." >h.$2
  if test -h $1 && mv $1 $2 && test -h $2; then
    fence=$2
    rm -f h.$1
    journal_state
    reply claimed $gen $jgen $jsize
  else
    rm -f h.$2
    reply lost
  fi
}
rotate() {
  test -h "$fence" && echo "J $1 ." >j.$1 && mv j.$1 journal
  journal_state
  reply rotated $jgen $jsize
}
`
