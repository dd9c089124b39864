# shellcheck shell=sh
# The networks of a list, each checked, without those that this host never bans.

# check_networks FILE: leaves "FAMILY NETWORK SECONDS" of each ban in force in $tmp/networks. Sets networks4 and networks6, how many
# there are, and longest4 and longest6, those that are banned for longest ("-" for none). In force, and for how long, is as of $now.
check_networks() {
  never_lines=$(never_listed) # first in memory: cut off by a full disk it would protect fewer
  : >"$tmp/remarks" || die "$tmp: cannot be written: is the disk full?"
  printf '%s\n' "$never_lines" | awk -v remarks="$tmp/remarks" -f "$lib/address.awk" -f "$lib/never.awk" |
    sort >"$tmp/never" || die "$tmp: cannot be written: is the disk full?"
  sed -n 's/^not-understood //p' "$tmp/remarks" | head -n 1 | while read -r wrong; do
    say_once never "$never: '$(printf '%s' "$wrong" | printable)' is no address or network: it protects nobody"
  done
  awk -v now="$now" -v networks="$list_networks" -v never="$tmp/never" -v remarks="$tmp/remarks" \
    -f "$lib/address.awk" -f "$lib/list.awk" "$1" >"$tmp/networks" 2>"$tmp/reason" ||
    die "the list is refused: $(printable <"$tmp/reason")"
  [ -z "$verbose" ] ||
    sed -n 's/^left-out /not banned, as this host never bans what lies in it: /p' "$tmp/remarks" | while read -r line; do note "$line"; done
  recall_networks
}

# recall_networks: what check_networks has set, after is_loaded has set it to what the kernel has.
recall_networks() {
  kept=$(sed -n 's/^kept //p' "$tmp/remarks")
  # shellcheck disable=SC2086 # four words
  set -- $kept
  [ $# -eq 4 ] || die "$tmp: cannot be written: is the disk full?"
  networks4=$1 networks6=$2 longest4=$3 longest6=$4
}
