/**
 * What the spool holds. Per attempt: `a id released commandAlive supervisorAlive .`, then `m` (start key, run number, configuration hash), `g` (the go
 * record) and `s` (the exit record), each as it stands in its file. The processes are looked for after the go record was read, and before the exit
 * record is, so "nobody alive and no exit" is a fact. Where no record says that it was launched, or none that is whole, the command counts as alive
 * while a process carries the attempt's marker: somebody removed its folder, or put an older one in its place. A go whose record is not whole is `g` alone while somebody is writing it; afterwards it is
 * `g L boot time`, of the launch that it was made for, or that of a revoke. Sizes come as lines of `ls -ln`.
 */
export const LIST = `
one() {
  at_dir $1
  if ! test -d $d; then
    carries $1 && c=1 || c=0
    echo "a $1 absent $c 0 ."
    return
  fi
  meta=
  test -e $d/meta && read -r meta <$d/meta
  look_go $1
  c=0 s=$open
  if test "$go" = G; then
    runs && c=1
    test "$gboot" = "$boot" && is_pid "$sup" && alive $sup $sup_born && s=1
  fi
  is_whole || { carries $1 && c=1; }
  r=kept
  test -e $d/r && r=released
  echo "a $1 $r $c $s ."
  echo "m $meta"
  case $made$open$torn$go in
    100G) echo "g G $pid $born $sup $sup_born $gboot $x" ;;
    100R) echo 'g R .' ;;
    110*) echo 'g ' ;;
    101*)
      find_claim
      if test -n "$c_boot"; then echo "g L $c_boot $c_at ."; else echo 'g R .'; fi
      ;;
  esac
  if test -e $d/state; then
    l=
    read -r l <$d/state
    echo "s $l"
  fi
  if test $r = released; then
    while read -r l; do echo "r $l"; done <$d/r
  else
    files="$files $d/out $d/err"
    n=$((n + 1))
    test $n -lt 200 || show_sizes
  fi
}
show_sizes() {
  test -n "$files" && LC_ALL=C ls -ln $files
  files= n=0
}
list() {
  files= n=0 carriers=
  for id; do one $id; done
  show_sizes
  reply listed
}
live() {
  files= n=0 carriers=
  for f in l/*; do
    test -e $f && one \${f#l/}
  done
  show_sizes
  reply listed
}
prefixes() {
  l=
  for f in a/*; do
    test -d $f && l="$l \${f#a/}"
  done
  reply prefixes $l
}
inventory() {
  files= n=0 carriers=
  for p; do
    for f in a/$p/*; do
      test -d $f && one \${f#a/??/}
    done
  done
  show_sizes
  reply listed
}
`
