# shellcheck shell=sh
# journal = …: on hosts whose mail programs log to journald alone, what is new in the journal is appended to a log of our own,
# the spool, and that is shipped as any other log is.
#
# A line of the spool is an entry as `journalctl -o json` writes it (systemd's Journal JSON Format), with its time in microseconds
# since 1970 and its cursor. So where to go on stands in the spool's last line, and there is nothing else to keep in step: a run
# that is killed leaves half a line at most, which the next one cuts off and reads again.

# spool_journal: brings the spool up to date and adds it to $logs.
spool_journal() {
  spool=$state/journal/journal.log
  logs="$logs $spool $spool.1"
  [ -z "$dry_run" ] || return 0
  mkdir -p "${spool%/*}" || die "${spool%/*}: cannot be made"
  journal_matches=$(matches_of "$journal")
  turn_spool && begin_spool && append_entries
}

# turn_spool: half a line goes, a spool that has been shipped goes, one that is large enough becomes the old one.
turn_spool() {
  if [ -f "$spool.1" ] && grep -qxF "$(stat -c '%d:%i:%s:%Y' "$spool.1")" "$streams/.finished" 2>/dev/null; then
    rm -f "$spool.1"
  fi
  [ -s "$spool" ] || return 0
  cut_half_line || return 1
  if [ "$(stat -c %s "$spool")" -ge "$spool_bytes" ] && [ ! -e "$spool.1" ]; then
    mv "$spool" "$spool.1"
  fi
}

# cut_half_line: what stands behind the spool's last newline goes; no line of a spool is longer than what one run appends.
cut_half_line() {
  whole=$(($(stat -c %s "$spool") - $(tail -c "$spool_bytes" "$spool" | half_line)))
  dd if=/dev/null of="$spool" bs=1 seek="$whole" 2>/dev/null || disk_is_full
}

# half_line: how many bytes of stdin stand behind its last newline.
half_line() {
  cat >"$tmp/piece"
  if [ -s "$tmp/piece" ]; then unfinished_line; else echo 0; fi
}

# begin_spool: a new spool's first line is our own: no other log begins so, and it says where in the journal the spool begins.
begin_spool() {
  [ ! -s "$spool" ] || return 0
  if [ -s "$spool.1" ]; then
    cursor=$(last_cursor "$spool.1")
  else
    cursor=$(latest_cursor) || return 1
  fi
  position | write_whole "$spool" || disk_is_full || return 1
  on_disk
}

# position: a line of the spool that is no entry, but says where in the journal it goes on: behind $cursor, or where that is empty
# at the journal's beginning.
position() {
  printf '{"__CURSOR":"%s","begun":"%s.%s"}\n' "$cursor" "$(date +%s)" "$(od -An -N4 -tx4 /dev/urandom | tr -d ' ')"
}

# append_entries: what the journal holds behind the spool's last entry, as much as a run may take.
append_entries() {
  [ "$(stat -c %s "$spool")" -lt "$spool_bytes" ] || {
    note "$spool is full, and $spool.1 has not been shipped yet: the journal keeps the rest"
    return 0
  }
  cursor=$(last_cursor "$spool") || {
    say "$spool: does not tell where in the journal it ends: remove it to begin anew"
    return 1
  }
  read_entries ${cursor:+"--cursor=$cursor"} || return 1
  whole=$(($(wc -c <"$tmp/entries") - $(half_line <"$tmp/entries")))
  head -c "$whole" "$tmp/entries" >"$tmp/whole" || disk_is_full || return 1
  behind_cursor >"$tmp/new" || return 1
  [ -s "$tmp/new" ] || [ "$(wc -c <"$tmp/entries")" -lt "$spool_bytes" ] || {
    say "the journal holds an entry that is larger than spool-bytes: raise that"
    return 1
  }
  [ -s "$tmp/new" ] || return 0
  cat "$tmp/new" >>"$spool" || disk_is_full || return 1
  on_disk
}

# behind_cursor: prints the entries of $tmp/whole that are new. The first is the last run's last, unless that is gone. (With
# --after-cursor journalctl before 254 would leave out an entry then: https://github.com/systemd/systemd/issues/30288)
behind_cursor() {
  if [ -z "$cursor" ]; then
    cat "$tmp/whole"
  elif [ ! -s "$tmp/whole" ]; then
    go_on_with_latest
  elif [ "$(head -n 1 "$tmp/whole" | cursors | moment)" = "$(printf '%s\n' "$cursor" | moment)" ]; then
    tail -n +2 "$tmp/whole"
  else
    say "the journal has lost the entry where the last run ended (vacuumed?), and perhaps others: goes on with what is there"
    cat "$tmp/whole"
  fi
}

# go_on_with_latest: journalctl finds nothing from the cursor on: the journal is empty, or the cursor lies ahead of it (a clock that was set back).
go_on_with_latest() {
  cursor=$(latest_cursor) || return 1
  [ -n "$cursor" ] || return 0
  say "the journal does not know the entry where the last run ended, nor a later one: goes on behind its latest"
  position
}

# latest_cursor: the cursor of the journal's latest entry; nothing where it has none.
latest_cursor() {
  read_entries --lines=1 && cursors <"$tmp/entries" | tail -n 1
}

# read_entries OPTION…: $tmp/entries, at most $spool_bytes of them. journalctl ends by SIGPIPE where there are more.
read_entries() {
  rm -f "$tmp/journal-failed"
  # shellcheck disable=SC2086 # words without any character that the shell knows
  {
    journalctl --quiet --no-pager --all --output=json --output-fields=MESSAGE,SYSLOG_IDENTIFIER,_COMM "$@" $journal_matches \
      2>"$tmp/journal-error" || : >"$tmp/journal-failed"
  } | head -c "$spool_bytes" >"$tmp/entries" || disk_is_full || return 1
  # Some versions fail silently where there is no entry: https://github.com/systemd/systemd/issues/20523
  [ -e "$tmp/journal-failed" ] && [ -s "$tmp/journal-error" ] && [ "$(wc -c <"$tmp/entries")" -lt "$spool_bytes" ] || return 0
  say "journalctl: $(printable <"$tmp/journal-error")"
  return 1
}

# last_cursor FILE: fails where no line there has one.
last_cursor() {
  tail -c 1048576 "$1" | cursors | tail -n 1 | grep . || tail -n 1 "$1" | grep -q '"__CURSOR":""'
}

# cursors: of each line on stdin. Within a string JSON escapes each quote, so no message can hold the like.
cursors() {
  sed -n 's/^{.*"__CURSOR" *: *"\([A-Za-z0-9;=_-]*\)".*/\1/p'
}

# moment: what of a cursor stays when journald moves entries from /run to /var: boot, times and hash, not the file's numbers.
moment() {
  sed 's/^.*;b=/b=/'
}

# on_disk: what is shipped must not be lost by a power cut: the spool would be shorter than what the bucket holds.
on_disk() {
  sync "$spool" 2>/dev/null || sync
}
