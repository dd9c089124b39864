# shellcheck shell=sh
# The kernel by nft alone, where there is no ipset (RHEL 9 and Debian 13 as installed): table inet fleetban, hooked in at
# priority raw, as the rule of ipset.sh. Each list gets new sets, banned4_N and banned6_N; one transaction fills them, turns
# the rules to them and drops the old ones, so that no packet sees a half. The counters stay.

# nft_load FILE: lines "FAMILY NETWORK SECONDS".
nft_load() {
  old_sets=$(nft_sets)
  number=$(date +%s)
  case $old_sets in *"_$number"*) number=$((number + 1)) ;; esac
  awk -v reload_file="$tmp/reload" -f "$lib/address.awk" -f "$lib/flat.awk" "$1" >"$tmp/flat" || return 1
  {
    nft_frame
    for family in 4 6; do
      echo "add set inet fleetban banned${family}_$number { type $(nft_type "$family"); flags interval, timeout; }"
      nft_elements "$family"
    done
    nft_rules "$number"
    for set in $old_sets; do echo "delete set inet fleetban $set"; done
  } >"$tmp/transaction" || return 1
  nft_run "$tmp/transaction" && nft_remember_reload
}

nft_frame() {
  echo 'add table inet fleetban'
  echo 'add counter inet fleetban seen4'
  echo 'add counter inet fleetban seen6'
  echo 'add chain inet fleetban prerouting { type filter hook prerouting priority raw; policy accept; }'
}

nft_type() {
  if [ "$1" = 4 ]; then echo ipv4_addr; else echo ipv6_addr; fi
}

nft_elements() {
  sed -n "s/^$1 \([0-9a-f.:\/]*\) \([0-9]*\)\$/\1 timeout \2s,/p" "$tmp/flat" >"$tmp/elements"
  [ -s "$tmp/elements" ] || return 0
  echo "add element inet fleetban banned${1}_$number {"
  cat "$tmp/elements"
  echo '}'
}

# nft_rules NUMBER: replaces the chain's rules; the comment tells nft_rule what they were made for.
nft_rules() {
  verdict=drop
  [ "$mode" = enforce ] || verdict=accept
  echo 'flush chain inet fleetban prerouting'
  for family in 4 6; do
    echo "add rule inet fleetban prerouting tcp dport { $(nft_ports) } $(nft_saddr "$family") @banned${family}_$1" \
      "counter name seen$family $verdict comment \"$mode $(nft_ports)\""
  done
}

nft_ports() {
  echo "$ports" | sed 's/  */,/g'
}

nft_saddr() {
  if [ "$1" = 4 ]; then echo 'ip saddr'; else echo 'ip6 saddr'; fi
}

# nft_sets: the names of our sets in the kernel.
nft_sets() {
  nft -t list table inet fleetban 2>/dev/null | sed -n 's/^[[:space:]]*set \(banned[46]_[0-9]*\) {$/\1/p'
}

# nft_run FILE: one transaction: all of it or nothing.
nft_run() {
  nft -f "$1" 2>"$tmp/kernel-error" || {
    say "nft: $(printable <"$tmp/kernel-error")"
    return 1
  }
}

# flat.awk left out networks that lie in others but last longer; they come in once those have ended.
nft_remember_reload() {
  if [ -s "$tmp/reload" ]; then
    echo $(($(date +%s) + $(cat "$tmp/reload"))) >"$lists/reload-at"
  else
    rm -f "$lists/reload-at"
  fi
}

# nft_rule: the rules are as configured.
nft_rule() {
  [ "$(nft list chain inet fleetban prerouting 2>/dev/null | grep -c "comment \"$mode $(nft_ports)\"")" -ne 2 ] || return 0
  number=$(nft_sets | sed -n '1s/.*_//p')
  nft_rules "$number" >"$tmp/transaction"
  nft_run "$tmp/transaction"
}

nft_stands() {
  reload_at=$(cat "$lists/reload-at" 2>/dev/null) || reload_at=
  ! is_number "$reload_at" || [ "$(date +%s)" -lt "$reload_at" ] || return 1
  [ "$(nft_sets | wc -l)" -eq 2 ]
}

# nft_remove FAMILY ADDRESS: takes the network in which it lies out of the set.
nft_remove() {
  for set in $(nft_sets | grep "^banned$1_"); do
    nft get element inet fleetban "$set" "{ $2 }" >"$tmp/element" 2>/dev/null || continue
    network=$(sed -n 's/.*elements = { \([0-9a-f.:\/]*\) .*/\1/p' "$tmp/element")
    echo "delete element inet fleetban $set { $network }" >"$tmp/transaction"
    nft_run "$tmp/transaction" || return 1
  done
}

nft_stop() {
  nft list table inet fleetban >/dev/null 2>&1 || return 0
  echo 'delete table inet fleetban' >"$tmp/transaction"
  nft_run "$tmp/transaction"
}

# nft_status: "FAMILY NETWORKS PACKETS".
nft_status() {
  for family in 4 6; do
    set=$(nft_sets | grep "^banned${family}_") || set=
    entries=none
    [ -z "$set" ] || entries=$(nft list set inet fleetban "$set" 2>/dev/null | grep -o 'expires' | wc -l)
    packets=$(nft list counter inet fleetban "seen$family" 2>/dev/null | sed -n 's/.*packets \([0-9]*\) .*/\1/p')
    echo "$family $((entries)) ${packets:-none}"
  done
}
