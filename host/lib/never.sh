# shellcheck shell=sh
# Who is never banned on this host, whatever the list says.

# never_listed: a network a line: what the administrator wrote down, who was unbanned, and without whom the host is lost:
# its own addresses, gateways and resolvers.
never_listed() {
  sed 's/#.*//; s/[[:space:]]//g; /^$/d' "$never" 2>/dev/null || :
  unbanned_now
  own_addresses
  sed -n 's/^nameserver[[:space:]]\{1,\}\([0-9a-fA-F:.]\{2,45\}\).*/\1/p' /etc/resolv.conf 2>/dev/null || :
}

# own_addresses: from /proc, so that no further program is needed. Little-endian hex in /proc/net/route.
own_addresses() {
  awk '/\|--/ { address = $2 } /host LOCAL/ { print address }' /proc/net/fib_trie 2>/dev/null | sort -u || :
  awk '{ print substr($1, 1, 32) }' /proc/net/if_inet6 2>/dev/null | with_colons || :
  awk 'NR > 1 && $3 != "00000000" { print $3 }' /proc/net/route 2>/dev/null | sort -u | while read -r hex; do
    echo "$((0x${hex#??????})).$((0x$(echo "$hex" | cut -c5-6))).$((0x$(echo "$hex" | cut -c3-4))).$((0x$(echo "$hex" | cut -c1-2)))"
  done
  awk '$5 !~ /^0*$/ { print $5 }' /proc/net/ipv6_route 2>/dev/null | sort -u | with_colons || :
}

with_colons() {
  sed 's/..../&:/g; s/:$//'
}

# unbanned_now: the addresses whose unban has not ended.
unbanned_now() {
  [ ! -f "$state/unbanned" ] || awk -v now="$now" '$2 > now { print $1 }' "$state/unbanned"
}

# unban_until ADDRESS END: records it; an earlier record of the same address goes, and those that have ended.
unban_until() {
  {
    [ ! -f "$state/unbanned" ] || awk -v now="$now" -v address="$1" '$2 > now && $1 != address' "$state/unbanned"
    echo "$1 $2"
  } | write_whole "$state/unbanned"
}
