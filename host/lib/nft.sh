# shellcheck shell=sh
# The kernel by nft alone, where there is no ipset (RHEL 9 and Debian 13 as installed): table inet fleetban, hooked in at
# priority raw, as the rule of ipset.sh. Each list gets new sets: hosts4_N and hosts6_N, which are hashes, for single addresses,
# nets4_N and nets6_N, which are interval trees and slow to fill, for networks. One transaction fills them, turns the rules to
# them and drops the old ones, so that no packet sees a half. The counters stay.

# nft_load FILE: lines "FAMILY NETWORK SECONDS".
nft_load() {
  old_sets=$(nft_sets)
  number=$(date +%s)
  case $old_sets in *"_$number"*) number=$((number + 1)) ;; esac
  : >"$tmp/reload"
  grep / "$1" | awk -v reload_file="$tmp/reload" -f "$lib/address.awk" -f "$lib/flat.awk" >"$tmp/nets" || return 1
  grep -v / "$1" >"$tmp/hosts" || :
  {
    echo 'add table inet fleetban'
    echo 'add chain inet fleetban prerouting { type filter hook prerouting priority raw; policy accept; }'
    for family in 4 6; do
      echo "add counter inet fleetban seen$family"
      nft_set hosts "$family" timeout
      nft_set nets "$family" 'interval, timeout'
    done
    nft_rules
    for set in $old_sets; do echo "delete set inet fleetban $set"; done
  } >"$tmp/transaction" || return 1
  nft_run "$tmp/transaction" && nft_remember_reload
}

# nft_set hosts|nets FAMILY FLAGS: makes and fills one.
nft_set() {
  echo "add set inet fleetban $1$2_$number { type ipv$2_addr; flags $3; }"
  awk -v family="$2" '$1 == family { print $2 " timeout " $3 "s," }' "$tmp/$1" >"$tmp/elements"
  [ ! -s "$tmp/elements" ] || {
    echo "add element inet fleetban $1$2_$number {"
    cat "$tmp/elements"
    echo '}'
  }
}

# nft_rules: what replaces the chain's rules by those for the sets of $number. To observe is to count and let pass.
nft_rules() {
  verdict=drop
  [ "$mode" = enforce ] || verdict=accept
  echo 'flush chain inet fleetban prerouting'
  for set in hosts4 nets4 hosts6 nets6; do
    case $set in
    *4) source='ip saddr' ;;
    *6) source='ip6 saddr' ;;
    esac
    echo "add rule inet fleetban prerouting tcp dport { $port_list } $source @${set}_$number" \
      "counter name seen${set#"${set%?}"} $verdict"
  done
}

# nft_sets: the names of our sets in the kernel. (nft 1.0 reads all elements to list a table or a chain, but not for this.)
nft_sets() {
  nft -t list sets inet 2>/dev/null | sed -n '/^table inet fleetban {$/,/^}$/s/^[[:space:]]*set \([a-z]*[46]_[0-9]*\) {$/\1/p'
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

# nft_rule: the rules are as configured; to write them costs less than to read them.
nft_rule() {
  number=$(nft_sets | sed -n '1s/.*_//p')
  nft_rules >"$tmp/transaction"
  nft_run "$tmp/transaction"
}

nft_stands() {
  reload_at=$(cat "$lists/reload-at" 2>/dev/null) || reload_at=
  ! is_number "$reload_at" || [ "$(date +%s)" -lt "$reload_at" ] || return 1
  [ "$(nft_sets | wc -l)" -eq 4 ]
}

# nft_remove FAMILY ADDRESS: takes it, and the network in which it lies, out of the sets.
nft_remove() {
  for set in $(nft_sets | grep "^[a-z]*$1_"); do
    nft get element inet fleetban "$set" "{ $2 }" >"$tmp/element" 2>/dev/null || continue
    network=$(sed -n 's/.*elements = { \([0-9a-f.:\/]*\) .*/\1/p' "$tmp/element")
    echo "delete element inet fleetban $set { $network }" >"$tmp/transaction"
    nft_run "$tmp/transaction" || return 1
  done
}

nft_stop() {
  [ -n "$(nft_sets)" ] || return 0
  echo 'delete table inet fleetban' >"$tmp/transaction"
  nft_run "$tmp/transaction"
}

# nft_status: "FAMILY NETWORKS PACKETS".
nft_status() {
  nft list table inet fleetban >"$tmp/table" 2>/dev/null || :
  awk '
    $1 == "set" { family = $2 ~ /4_/ ? 4 : 6; sets[family]++ }
    $1 == "counter" && $2 ~ /^seen[46]$/ { family = substr($2, 5); sets[family] += 0 }
    { networks[family] += gsub(/ expires /, "&") }
    $1 == "packets" { packets[family] = $2 }
    END { for (family = 4; family <= 6; family += 2)
      print family, sets[family] ? networks[family] + 0 : "none", family in packets ? packets[family] : "none" }' "$tmp/table"
}
