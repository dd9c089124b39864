# shellcheck shell=sh
# One stream: the log under whatever name it has just now, and how much of it is in the bucket.
#
# Its state is a file named by the fingerprint:
#   offset N             bytes [0, N) are in the bucket
#   intent START END     this segment may be there or not: it is sent again exactly so, and 412 says that it was
#   boundary LENGTH HASH digest of the last LENGTH bytes before the offset: another log with the same first line is found out
#   waiting EPOCH        since when lines have been waiting
# A segment's key holds its range and the bucket takes a key once (If-None-Match: *), so a run may be killed anywhere.

segment_blocks=128 # of 64 KiB: a segment holds at most 8 MiB of log, and as much is the most that is kept on disk or in memory

# ship_log: ships the log that is open as descriptor 4.
ship_log() {
  run_time=$(date +%s)
  log_size=$(stat -L -c %s "$content") || return 1 # of what was opened, not of what bore the name before
  log_form || return 1
  log_fingerprint || {
    note "$log: no complete line yet"
    return 0
  }
  [ "$only_logins" = no ] || ! hides_logins || return 1
  recall_stream || return 1
  log_end || {
    damaged_log
    return
  }
  same_stream && ship_rest
}

# ship_rest: sends what the bucket lacks, where it is enough or old enough.
ship_rest() {
  if [ "$total" -le "$offset" ]; then
    [ -z "$finished" ] || remember_finished
    return 0
  fi
  is_due || return 0
  if [ -n "$dry_run" ]; then
    echo "$log: would ship bytes $offset to $total as $host/$fingerprint/"
    return 0
  fi
  finish_intent || return 1
  log_range "$offset" "$total" | cut_segments "$offset" || return 1
  [ -z "$finished" ] || remember_finished
}

# A damaged archive: its readable lines are shipped, without an end. One that is being written just now is waited for.
damaged_log() {
  rm -f "$tmp/damaged"
  [ $((run_time - log_mtime)) -ge 600 ] || return 0
  finished=
  say_once "damaged-$fingerprint" "$log: damaged: $(printable <"$tmp/decompress-error"); its readable lines are shipped"
  same_stream && ship_rest && remember_finished
  return 1
}

# is_due: 64 KB, or 5 minutes of lines, or the end. The first look at waiting lines comes up to a minute after they were written; of
# the runs that follow each minute, give or take the timer's jitter, the one nearest to the 5 minutes ships.
is_due() {
  [ -z "$now" ] && [ -z "$finished" ] && [ $((total - offset)) -lt "$ship_bytes" ] || return 0
  if [ -z "$waiting" ]; then
    waiting=$((run_time - 60))
    [ -n "$dry_run" ] || keep_stream "$offset" ''
  fi
  [ $((run_time - waiting)) -ge $((ship_after - 30)) ]
}

# recall_stream: sets offset, intent_end, boundary and waiting of $fingerprint; asks the bucket where nothing is known.
recall_stream() {
  offset='' intent_end='' boundary_length=0 boundary='' waiting=''
  if [ -s "$streams/$fingerprint" ]; then
    while read -r word first second; do
      case $word in
      offset) offset=$first ;;
      intent) [ "$first" = "$offset" ] && intent_end=$second ;;
      boundary) boundary_length=$first boundary=$second ;;
      waiting) waiting=$first ;;
      esac
    done <"$streams/$fingerprint"
  fi
  is_number "$offset" && is_number "$boundary_length" && is_number "${intent_end:-0}" && is_number "${waiting:-0}" && return 0
  intent_end='' boundary_length=0 boundary='' waiting=''
  ask_bucket || return 1
  [ -n "$dry_run" ] || keep_stream "$offset" ''
}

# ask_bucket: sets offset to the end of what is there without a gap.
ask_bucket() {
  offset=0 after=
  while :; do
    s3_limit=2097152 s3_body=
    s3 GET "$logs_bucket" '' "list-type=2&prefix=$host%2F$fingerprint%2F${after:+&start-after=$host%2F$fingerprint%2F$after}" </dev/null
    [ "$s3_status" = 200 ] || {
      say "$(s3_trouble "list $logs_bucket/$host/$fingerprint/")"
      return 1
    }
    tr '<' '\n' <"$tmp/answer" | sed -n "s/^Key>$host\/$fingerprint\/\([0-9]\{15\}-[0-9]\{15\}\.log\.gz\)$/\1/p" >"$tmp/keys"
    offset=$(awk -F '[-.]' -v offset="$offset" '$1 + 0 <= offset && $2 + 0 > offset { offset = $2 + 0 }
      END { printf "%.0f\n", offset }' "$tmp/keys")
    grep -q '<IsTruncated>true</IsTruncated>' "$tmp/answer" && [ -s "$tmp/keys" ] || return 0
    after=$(tail -n 1 "$tmp/keys")
  done
}

# keep_stream OFFSET INTENT_END: writes the state, whole.
keep_stream() {
  {
    echo "offset $1"
    [ -z "$2" ] || echo "intent $1 $2"
    [ -z "$boundary" ] || echo "boundary $boundary_length $boundary"
    [ -z "$waiting" ] || echo "waiting $waiting"
  } 2>/dev/null | write_whole "$streams/$fingerprint" 2>/dev/null || disk_is_full
}

# same_stream: whether $log is the log that the state tells of, not another that begins with the same line.
same_stream() {
  if [ "$total" -ge "$offset" ]; then
    [ -n "$boundary" ] && [ "$total" -gt "$offset" ] || return 0
    [ "$(log_range $((offset - boundary_length)) "$offset" | sha256)" != "$boundary" ] || return 0
  fi
  say_once "other-$fingerprint" "$log: begins as another log that was shipped, but goes on otherwise: left out"
  return 1
}

# finish_intent: a run died between upload and note: the same segment again.
finish_intent() {
  [ -n "$intent_end" ] && [ "$intent_end" -le "$total" ] || return 0
  log_range "$offset" "$intent_end" >"$tmp/segment" || disk_is_full || return 1
  put_segment "$offset" "$intent_end" || return 1
  offset=$intent_end
}

# cut_segments START: stdin is the log from START on. dd reads a pipe without buffering ahead, so nothing is lost between segments;
# of blocks that it did not wait for, a busy host would make a segment of any size.
cut_segments() {
  start=$1
  : >"$tmp/carry"
  while :; do
    dd bs=65536 iflag=fullblock count="$segment_blocks" of="$tmp/chunk" 2>/dev/null || disk_is_full || return 1
    [ -s "$tmp/chunk" ] || return 0
    cat "$tmp/carry" "$tmp/chunk" >"$tmp/piece" || disk_is_full || return 1
    size=$(($(wc -c <"$tmp/piece")))
    take=$size
    [ -n "$finished" ] && [ $((start + size)) -eq "$total" ] || take=$((size - $(unfinished_line)))
    tail -c "+$((take + 1))" "$tmp/piece" >"$tmp/carry" || disk_is_full || return 1
    [ "$take" -gt 0 ] || {
      [ "$size" -lt 8388608 ] && continue
      say_once "lines-$fingerprint" "$log: no line end within 8 MiB from byte $start on: not a log?"
      return 1
    }
    head -c "$take" "$tmp/piece" >"$tmp/segment" || disk_is_full || return 1
    put_segment "$start" $((start + take)) || return 1
    start=$((start + take))
  done
}

disk_is_full() {
  say "$streams: cannot be written: is the disk full?"
  return 1
}

# unfinished_line: how many bytes of $tmp/piece stand after its last newline.
unfinished_line() {
  if [ "$(tail -c 1 "$tmp/piece" | od -An -tu1)" -eq 10 ]; then
    echo 0
  else
    tail -n 1 "$tmp/piece" | wc -c
  fi
}

# put_segment START END: $tmp/segment goes to the bucket; the intent before, the offset after.
put_segment() {
  [ $(($(wc -c <"$tmp/segment"))) -eq $(($2 - $1)) ] || {
    say "$log: changed while it was read: the next run tries again"
    return 1
  }
  segment_key=$host/$fingerprint/$(printf '%015d-%015d' "$1" "$2").log.gz
  waiting=''
  keep_stream "$1" "$2" || return 1
  pack_segment "$1" || disk_is_full || return 1
  segment_headers "$2" >"$tmp/segment-headers"
  s3_limit=65536 s3_seconds=900 s3_body=$tmp/segment.gz
  s3 PUT "$logs_bucket" "$segment_key" '' <"$tmp/segment-headers"
  case $s3_status in
  200 | 412) ;;
  *)
    say "$(s3_trouble "put $logs_bucket/$segment_key")"
    return 1
    ;;
  esac
  boundary_length=$(($2 - $1 < 1024 ? $2 - $1 : 1024))
  boundary=$(tail -c "$boundary_length" "$tmp/segment" | sha256)
  keep_stream "$2" '' || return 1
  note "shipped $segment_key of $log"
}

# pack_segment START: $tmp/segment as it leaves this host. What is remembered of it is of the log's own bytes.
pack_segment() {
  if [ "$only_logins" = yes ]; then
    without_correspondence "$1" <"$tmp/segment" >"$tmp/shipped" || return 1
    [ "$(wc -c <"$tmp/shipped")" -eq "$(wc -c <"$tmp/segment")" ] || return 1
    gzip -nc "$tmp/shipped" >"$tmp/segment.gz"
  else
    gzip -nc "$tmp/segment" >"$tmp/segment.gz"
  fi
}

# Names of ASCII letters, each sorted before the next by whole line too: curl before 8.10 sorts lines, not names.
segment_headers() {
  echo 'if-none-match: *'
  [ -z "$finished" ] || [ "$1" -ne "$total" ] || echo 'x-amz-meta-log-end: 1'
  echo "x-amz-meta-log-mtime: $log_mtime"
  echo "x-amz-meta-log-name: $(printf '%s' "${log##*/}" | tr -c 'A-Za-z0-9._-' _)"
  zone_header
}
