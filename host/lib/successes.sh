# shellcheck shell=sh
# Who logged in properly from a listed network: whom a ban locks out. Told by the logs that this host ships.

newest_bytes=67108864 # of each log: so much is looked at

# listed_logins: a table of them, after $tmp/networks has been made.
listed_logins() {
  successes | awk -f "$lib/address.awk" -f "$lib/successes.awk" "$tmp/networks" - | printable_lines |
    sort -t '	' -k1,1nr -k2,2 | awk -F '\t' '
      NR == 1 { printf "\n%-39s  %-43s  %6s  %s\n", "login from", "listed as", "logins", "last" }
      NR <= 50 { printf "%-39s  %-43s  %6s  %s\n", $2, $3, $1, $4 }
      END { if (NR > 50) print NR - 50 " more" }'
}

# successes: "STAMP<tab>ADDRESS" of each login that worked, of the last day's plain logs and the journal, oldest first.
successes() {
  {
    newest_logs | while read -r log; do tail -c "$newest_bytes" "$log"; done
    if [ -n "$journal" ] && command -v journalctl >/dev/null; then
      # shellcheck disable=SC2046 # words are meant
      journalctl --quiet -o short-iso --since=-1day $(matches_of "$journal") 2>/dev/null | tail -c "$newest_bytes" || :
    fi
  } | sed -n -E -f "$lib/successes.sed"
}

newest_logs() {
  [ -n "$logs" ] || return 0
  # shellcheck disable=SC2046,SC2086 # globs are meant, and no name has a blank
  set -- $(find $logs -prune -type f -mtime -1 ! -name '*.gz' ! -name '*.xz' ! -name '*.bz2' ! -name '*.zst' 2>/dev/null)
  [ $# -eq 0 ] || ls -1tr -- "$@"
}

printable_lines() {
  tr -c '[:print:]\n\t' ' '
}
