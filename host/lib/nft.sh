# shellcheck shell=sh
# The kernel by nft alone, where there is no ipset (RHEL 9 and Debian 13 as installed): table inet fleetban, hooked in at
# priority raw, as the rule of ipset.sh. Each list gets new sets: hosts4_N and hosts6_N, which are hashes, for single addresses,
# nets4_N and nets6_N, which are interval trees and slow to fill, for networks. One transaction fills them; the next turns the
# rules to them and drops the old ones. Not one for both: kernels since 2026 (7e43e0a1141d: what packets are looked up in is an array
# that nft_rbtree_commit makes of the tree) show the new rules of a transaction before its new interval sets hold anything.
# The counters stay.

# nft_load FILE: lines "FAMILY NETWORK SECONDS".
nft_load() {
  old_sets=$(nft_sets)
  number=$now
  while [ "${old_sets#*"_$number"}" != "$old_sets" ]; do number=$((number + 1)); done
  : >"$tmp/reload" || return 1
  awk -v reload_file="$tmp/reload" -f "$lib/address.awk" -f "$lib/flat.awk" "$1" >"$tmp/nets" || return 1
  nft_fill "$1" | nft_run && nft_turn | nft_run && nft_remember_reload && nft_remember_table
}

# nft_fill FILE: the sets of $number; no rule asks them yet.
nft_fill() {
  echo 'add table inet fleetban'
  echo 'add chain inet fleetban prerouting { type filter hook prerouting priority raw; policy accept; }'
  for family in 4 6; do
    echo "add counter inet fleetban seen$family"
    nft_set "$1" hosts "$family" timeout
    nft_set "$tmp/nets" nets "$family" 'interval, timeout'
  done
}

# nft_set FILE hosts|nets FAMILY FLAGS: makes and fills one.
nft_set() {
  echo "add set inet fleetban $2$3_$number { type ipv$3_addr; flags $4; }"
  awk -v family="$3" -v nets="$2" -v set="$2$3_$number" '
    $1 == family && (nets == "nets" || !index($2, "/")) {
      if (!count++) print "add element inet fleetban " set " {"
      print $2 " timeout " $3 "s,"
    }
    END { if (count) print "}" }' "$1" || echo 'the list could not be read' # no command: the transaction fails
}

# nft_turn: the rules ask the sets of $number; all others go, also those that a run has left that was killed.
nft_turn() {
  nft_rules
  for set in $old_sets; do
    [ "${set#*_}" = "$number" ] || echo "delete set inet fleetban $set"
  done
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

# nft_table: sets table to ours as nft prints it, without elements. (Of all that nft 1.0 can list, only this and sets' names do not
# make it read all elements first.)
nft_table() {
  table=$(nft -t list ruleset inet 2>/dev/null | sed -n '/^table inet fleetban {$/,/^}$/{ s/[[:space:]]*#.*//; p; }') || table=
}

# nft_sets: the names of our sets in the kernel, in the order in which they were made: those that the rules ask come first.
nft_sets() {
  nft -t list sets inet 2>/dev/null | sed -n '/^table inet fleetban {$/,/^}$/s/^[[:space:]]*set \([a-z]*[46]_[0-9]*\) {$/\1/p'
}

# nft_run: one transaction, from stdin: all of it or nothing.
nft_run() {
  nft -f - 2>"$tmp/kernel-error" || {
    say "nft: $(printable <"$tmp/kernel-error")"
    return 1
  }
}

# flat.awk left out networks that lie in others but last longer; they come in once those have ended.
nft_remember_reload() {
  if [ -s "$tmp/reload" ]; then
    echo $((now + $(cat "$tmp/reload"))) >"$lists/reload-at"
  else
    rm -f "$lists/reload-at"
  fi
}

# nft_rule: the rules are as configured.
nft_rule() {
  old_sets=$(nft_sets)
  number=${old_sets%%"$newline"*} number=${number#*_}
  nft_turn | nft_run && nft_remember_table
}

# nft_stands: whether the table has its sets.
nft_stands() {
  reload_at=
  read -r reload_at 2>/dev/null <"$lists/reload-at" || :
  ! is_number "$reload_at" || [ "$now" -lt "$reload_at" ] || return 1
  nft_table
  case $table in *"set hosts4_"*"set nets4_"*"set hosts6_"*"set nets6_"*) ;; *) return 1 ;; esac
}

# nft_rule_stands: whether the table is as it was made, for what is configured now. Sets packets4 and packets6.
nft_rule_stands() {
  nft_split_counters
  made=
  while IFS= read -r line; do made=$made$line$newline; done 2>/dev/null <"$lists/table"
  [ "$made" = "$mode $port_list$newline$table$newline" ]
}

# nft_split_counters: takes what they have counted out of table: packets4 and packets6.
nft_split_counters() {
  packets4='' packets6=''
  case $table in *"counter seen4 {"*packets*"counter seen6 {"*packets*) ;; *) return 0 ;; esac
  uncounted=${table%%packets *} table=${table#*packets }
  packets4=${table%% *} table=${table#*"$newline"}
  uncounted=$uncounted${table%%packets *} table=${table#*packets }
  packets6=${table%% *} table=$uncounted${table#*"$newline"}
}

nft_remember_table() {
  nft_table
  nft_split_counters
  printf '%s\n%s\n' "$mode $port_list" "$table" >"$lists/table"
}

# nft_remove FAMILY ADDRESS: takes it, and the network in which it lies, out of the sets.
nft_remove() {
  for set in $(nft_sets | grep "^[a-z]*$1_"); do
    network=$(nft get element inet fleetban "$set" "{ $2 }" 2>/dev/null | sed -n 's/.*elements = { \([0-9a-f.:\/]*\) .*/\1/p')
    [ -n "$network" ] || continue
    echo "delete element inet fleetban $set { $network }" | nft_run || return 1
  done
}

nft_stop() {
  [ -n "$(nft_sets)" ] || return 0
  echo 'delete table inet fleetban' | nft_run
}

# nft_status: "FAMILY NETWORKS PACKETS", of the sets that are in use.
nft_status() {
  nft list table inet fleetban >"$tmp/table" 2>/dev/null || :
  awk '
    $1 == "set" {
      family = $2 ~ /4_/ ? 4 : 6
      number = substr($2, index($2, "_"))
      if (!used) used = number
      sets[family]++
    }
    $1 == "counter" && $2 ~ /^seen[46]$/ { family = substr($2, 5) }
    number == used { networks[family] += gsub(/ expires /, "&") }
    $1 == "packets" { packets[family] = $2 }
    END { for (family = 4; family <= 6; family += 2)
      print family, sets[family] ? networks[family] + 0 : "none", family in packets ? packets[family] : "none" }' "$tmp/table"
}
