# shellcheck shell=sh
# What ship and apply share: messages, arguments' errors, locks, files written whole.

LC_ALL=C
export LC_ALL
PATH=${PATH:-/bin}:/usr/sbin:/usr/bin:/sbin:/bin
umask 077

program=fleetban-${0##*/}
program=fleetban-${program##*fleetban-}
verbose=
spoken=
said=
newline='
'

# say TEXT: something is wrong. To stderr and to syslog; under systemd stderr is the journal, and that is enough.
# shellcheck disable=SC2034 # apply remembers what was said last
say() {
  spoken=1 said=$*
  printf '%s: %s\n' "$program" "$*" >&2
  [ -n "${JOURNAL_STREAM-}" ] || logger -t "$program" -p daemon.warning -- "$*" 2>/dev/null || :
}

# note TEXT: nothing is wrong; only --verbose wants to know.
note() {
  [ -z "$verbose" ] || printf '%s: %s\n' "$program" "$*" >&2
}

# die TEXT: the work is not done. Exit 1.
die() {
  say "$@"
  exit 1
}

# misuse TEXT: wrong arguments or configuration. Exit 2.
# shellcheck disable=SC2034
misuse() {
  spoken=1 said=$*
  printf '%s: %s\n' "$program" "$*" >&2
  exit 2
}

# clean_up: for the EXIT trap. A program that failed without a word of ours gets one, and exit 1; then at_end, and $tmp goes.
clean_up() {
  ended=$?
  if [ "$ended" -ne 0 ] && [ -z "$spoken" ]; then
    ended=1
    say "ended by an error of a program that it uses: is the disk full?"
  fi
  at_end "$ended" || :
  rm -rf "$tmp"
  exit "$ended"
}

# at_end EXIT: what a program has to do in the end; some have something.
at_end() {
  :
}

# say_once NAME TEXT: as say, but the same trouble at most once a day, so that a run each minute does not flood.
say_once() {
  once=$state/said/$1
  shift
  mkdir -p "$state/said" || return 0
  if [ -f "$once" ] && [ "$(cat "$once")" = "$*" ] && [ -z "$(find "$once" -mtime +0)" ]; then
    note "$@"
    return 0
  fi
  say "$@"
  printf '%s\n' "$*" >"$once" || :
}

# write_whole FILE: stdin becomes FILE; a reader or a kill sees the old content or the new, never a part.
write_whole() {
  cat >"$1.new" && mv -f "$1.new" "$1"
}

# sha256: the digest of stdin, as 64 hex digits.
sha256() {
  openssl dgst -sha256 -r | cut -c1-64
}

# printable: stdin as one line of harmless text. What servers and logs say goes through it before anybody reads it.
printable() {
  tr -c '[:print:]' ' ' | cut -c1-200
}

# jitter SECONDS: waits up to so long, so that a fleet does not come all at once.
jitter() {
  [ "$1" -eq 0 ] || sleep $(($(od -An -N2 -tu2 /dev/urandom) % ($1 + 1)))
}

# is_number TEXT: a count that shell arithmetic takes as decimal: no sign, no leading zero, at most 15 digits.
is_number() {
  case $1 in
  0) return 0 ;;
  '' | 0* | *[!0-9]* | ????????????????*) return 1 ;;
  esac
}

# need PROGRAM…: says what is missing and what to do.
need() {
  for tool; do
    command -v "$tool" >/dev/null || misuse "$tool is not installed, or not in PATH: install it"
  done
}
