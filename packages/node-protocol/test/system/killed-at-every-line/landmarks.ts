/** Lines of the program at which phases have somebody wait or die before they begin. Each fits one line only. */

/** A start is claimed, and not launched yet. */
export const CLAIMED = /^reply launching$/
/** Somebody is made to run what was claimed. */
export const LAUNCH = /^test \$# = 0 \|\| detach /
/** A supervisor takes up an attempt. */
export const TAKEN_UP = /^t_id=\$1 /
/** It makes the go. */
export const GO = />\$t_t\/go/
/** It writes down whose go that is. */
export const RECORD = /echo "G /
/** The command begins, and with it a group. */
export const COMMAND = /^exec "\$@"$/
/** The last ring for an attempt: its records are whole. */
export const LAST_RING = /^t_bell C /
/** The fence moves. */
export const FENCE = /^if test -h \$1 && mv \$1 \$2/
/** A new spool becomes the only one. */
export const GENERATION = / gen\.\$nonce gen$/
export const FOLDER = /^test -d \$t \|\| mkdir/
export const META = /^echo "\$meta \." >\$t\/meta/
/** The file of a long command is made, gets a line, is put in its place. */
export const FILE = /^if true >\$t\/cmd/
export const FILE_LINE = /^printf '%s%s' "\$between"/
export const FILE_WHOLE = /^test \$failed = 1 \|\| mv /
