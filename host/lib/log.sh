# shellcheck shell=sh
# One log on disk: which there are, what form they have, their bytes, their fingerprint.
# ship opens a log once, as descriptor 4, and everything here reads that: whatever rotation renames meanwhile, it is one file.

content=/proc/self/fd/4

# log_exists: whether the globs name any file at all, be it empty.
log_exists() {
  for path in $logs; do
    [ ! -e "$path" ] || return 0
  done
  return 1
}

# find_logs: prints "mtime size identity path", tab-separated, oldest first, of each log that the globs of $logs name and that
# is not known to be finished and shipped (the list .finished holds those, so that a year of old logs costs nothing each minute).
find_logs() {
  touch "$streams/.finished"
  # shellcheck disable=SC2086 # the globs are meant to be expanded
  for path in $logs; do
    case $path in *[[:cntrl:]]*) continue ;; esac
    if [ -f "$path" ] && [ -s "$path" ]; then
      stat -L -c '%Y	%s	%d:%i:%s:%Y	%n' -- "$path" || :
    fi
  done | sort -u | sort -n >"$tmp/found"
  awk -F '\t' 'FILENAME == ARGV[1] { finished[$1]; next } !($3 in finished)' "$streams/.finished" "$tmp/found"
}

# remember_finished: this very file needs no look any more. Forgets those that are gone.
remember_finished() {
  [ -z "$dry_run" ] || return 0
  {
    awk -F '\t' 'FILENAME == ARGV[1] { there[$3]; next } $1 in there' "$tmp/found" "$streams/.finished"
    printf '%s\n' "$log_identity"
  } | write_whole "$streams/.finished"
}

# log_form: sets $form by the first bytes of $log, as names lie; fails where it is nothing that can be read here.
log_form() {
  case $(head -c 6 "$content" | od -An -v -tx1 | tr -d ' \n') in
  1f8b*) form=gzip ;;
  fd377a585a00) form=xz ;;
  425a68*) form=bzip2 ;;
  28b52ffd*) form=zstd ;;
  *) form=plain ;;
  esac
  [ "$form" = plain ] || command -v "$form" >/dev/null || {
    say_once "form-$form" "$log: compressed with $form, which is not installed: left out"
    return 1
  }
}

# log_range FROM TO: bytes [FROM, TO) of the content, decompressed.
log_range() {
  case $form in
  plain) tail -c "+$(($1 + 1))" "$content" ;;
  *) "$form" -dc <"$content" | tail -c "+$(($1 + 1))" ;;
  esac 2>/dev/null | head -c "$(($2 - $1))"
}

# log_fingerprint: SHA-256 of the first complete line without its newline, at most 1,024 bytes of it; 16 hex digits.
# Fails where no line is complete yet.
log_fingerprint() {
  log_range 0 1048576 | head -n 1 >"$tmp/first-line" || die "$tmp: cannot be written: is the disk full?"
  [ "$(tail -c 1 "$tmp/first-line" | od -An -tu1)" -eq 10 ] 2>/dev/null || return 1
  fingerprint=$(tr -d '\n' <"$tmp/first-line" | head -c 1024 | sha256 | cut -c1-16)
}

# log_end: sets $total, the bytes of content, and $finished where nothing will follow: a compressed log, or one that has
# been renamed by rotation and then left alone for ten minutes. Fails on a damaged archive.
log_end() {
  finished=
  if [ "$form" != plain ]; then
    finished=1
    total=$({ "$form" -dc <"$content" 2>"$tmp/decompress-error" || echo damaged >"$tmp/damaged"; } | wc -c)
    total=$((total))
    [ ! -e "$tmp/damaged" ]
    return
  fi
  total=$log_size
  case ${log##*/} in
  *.[0-9] | *.[0-9][0-9] | *.[0-9][0-9][0-9] | *.old | *[.-]20[0-9][0-9][0-9][0-9][0-9][0-9] | *-20[0-9][0-9][0-9][0-9][0-9][0-9]-[0-9]* | \
    *-20[0-9][0-9]-[0-9][0-9]-[0-9][0-9]) [ $((run_time - log_mtime)) -lt 600 ] || finished=1 ;;
  esac
  [ "$log" != "$spool.1" ] || finished=1 # only we write there, and have done
}

# The zone of the log's stamps: as told, else this host's.
zone_header() {
  zone=$time_zone
  [ -n "$zone" ] || zone=$(readlink /etc/localtime | sed -n 's/.*zoneinfo\/\(posix\/\)\{0,1\}//p')
  [ -n "$zone" ] || zone=$(head -n 1 /etc/timezone 2>/dev/null) || :
  case $zone in
  '' | *[!A-Za-z0-9_+/-]*) echo "x-amz-meta-utc-offset: $(date +%z | sed 's/..$/:&/')" ;;
  *) echo "x-amz-meta-time-zone: $zone" ;;
  esac
}
