/**
 * What the spool holds. Per attempt: `a id released commandAlive supervisorAlive .`, then `m` (start key, run number, configuration hash), `g` (the go
 * record) and `s` (the exit record), each as it stands in its file. The exit record is read after looking for the processes, so "nobody alive and
 * no exit" is a fact. Sizes come as lines of `ls -ln`.
 */
export const LIST = `
one() {
  at_dir $1
  if ! test -d $d; then
    echo "a $1 absent 0 0 ."
    return
  fi
  meta=
  test -e $d/meta && read -r meta <$d/meta
  read_go $1
  c=0 s=0
  if test "$go" = G; then
    runs && c=1
    test "$gboot" = "$boot" && is_pid "$sup" && alive $sup $sup_born && s=1
  fi
  r=kept
  test -e $d/r && r=released
  echo "a $1 $r $c $s ."
  echo "m $meta"
  if test -e $d/go; then
    read -r l <$d/go
    echo "g $l"
  fi
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
  files= n=0
  for id; do one $id; done
  show_sizes
  reply listed
}
live() {
  files= n=0
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
  files= n=0
  for p; do
    for f in a/$p/*; do
      test -d $f && one \${f#a/??/}
    done
  done
  show_sizes
  reply listed
}
`
