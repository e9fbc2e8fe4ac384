/**
 * Small pieces of output on the control channel, and sizes. More than a piece has a channel of its own. Behind a piece stands a mark that the asker drew: where a
 * file cannot be read as far as its size says, the mark comes early, and whatever is asked next is understood all the same.
 */
export const READ = `
sizes() {
  files= n=0
  for id; do
    at_dir $id
    files="$files $d/out $d/err"
  done
  show_sizes
  reply listed
}
bytes() {
  at_dir $1
  echo "b $4 $5 ."
  if test $3 = 0; then head -c $4 $d/$2
  else tail -c +$(($3 + 1)) $d/$2 | head -c $4
  fi </dev/null
  echo
  echo "e $5 ."
  reply sent
}
`

/** A file of the spool, as the shell must be told it. */
export interface SpoolFile {
  /** The spool's root; null stands for the default below the login's home. */
  readonly root: string | null
  /** The path below the root, of characters that need no quotes. */
  readonly path: string
}

/**
 * Sends one range of a file on a channel of its own: a line with a nonce (whatever a login shell printed comes before it), the bytes, and a line
 * that shows whether they were all there. Which program reads is settled before: what one sent in part, another one must not send again.
 */
export function bulkScript(part: {
  readonly nonce: string
  readonly file: SpoolFile
  readonly from: number
  readonly length: number
}): string {
  const { nonce, file, from, length } = part
  const root = file.root === null ? '"$HOME"/.tron-spool' : quote(file.root)
  return `{
  exec 2>/dev/null
  f=${root}/${file.path}
  echo 'BULK ${nonce}'
  if dd if=/dev/null bs=65536 iflag=skip_bytes,count_bytes count=0
  then dd if="$f" bs=65536 iflag=skip_bytes,count_bytes skip=${from} count=${length}
  else tail -c +${from + 1} "$f" | head -c ${length}
  fi
  echo
  echo 'END ${nonce}'
  exit
}
`
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
