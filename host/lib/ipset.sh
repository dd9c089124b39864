# shellcheck shell=sh
# The kernel by ipset and iptables: sets fleetban4 and fleetban6, one rule each in the raw table's PREROUTING: before
# connection tracking, before rules that let established connections pass, before Docker's DNAT.

# families: "4", or "4 6" where the kernel has IPv6.
families() {
  if [ -e /proc/net/if_inet6 ] && command -v ip6tables >/dev/null; then echo 4 6; else echo 4; fi
}

# ipset_load FILE: lines "FAMILY NETWORK SECONDS". New sets are filled, then swapped in; on any trouble the old ones stay.
ipset_load() {
  for family in $(families); do
    ipset_fresh "$family" "$1" || return 1
  done
  for family in $(families); do
    echo "swap fleetban$family-new fleetban$family"
    echo "destroy fleetban$family-new"
  done >"$tmp/swap"
  ipset_run restore <"$tmp/swap" && ipset_rule
}

# ipset_fresh FAMILY FILE: fills fleetban<FAMILY>-new, and sees that there is something to swap it with.
ipset_fresh() {
  ipset destroy "fleetban$1-new" 2>/dev/null || : # left by a run that was killed
  size=$(($(grep -c "^$1 " "$2") + 1))
  hash=1024
  while [ "$hash" -lt "$size" ]; do hash=$((hash * 2)); done
  ipset_ours "$1" || return 1
  {
    echo "create fleetban$1-new hash:net family $(inet "$1") hashsize $hash maxelem $size timeout 2147483"
    awk -v family="$1" '$1 == family { print "add fleetban" family "-new " $2 " timeout " $3 }' "$2"
  } >"$tmp/restore" || return 1
  ipset_run restore <"$tmp/restore" || {
    ipset destroy "fleetban$1-new" 2>/dev/null || :
    return 1
  }
}

# ipset_ours FAMILY: the set is there and of our kind; another program's of that name is left alone.
ipset_ours() {
  ipset list -t "fleetban$1" >"$tmp/set" 2>/dev/null || {
    ipset_run create "fleetban$1" hash:net family "$(inet "$1")" timeout 2147483
    return
  }
  case $(sed -n 's/^Type: //p; s/^Header: //p' "$tmp/set" | tr '\n' ' ') in
  "hash:net family $(inet "$1") "*' timeout 2147483 '*) ;;
  *)
    say "the set fleetban$1 is there but not ours: remove or rename it"
    return 1
    ;;
  esac
}

inet() {
  if [ "$1" = 4 ]; then echo inet; else echo inet6; fi
}

# ipset_run ARGUMENTS: ipset, its complaint said.
ipset_run() {
  ipset "$@" 2>"$tmp/kernel-error" || {
    say "ipset $1: $(printable <"$tmp/kernel-error")"
    return 1
  }
}

# ipset_rule: the rule stands once, first, and as configured. The new one goes in before an old one goes.
ipset_rule() {
  for family in $(families); do
    tables=$(iptables_of "$family")
    set -- -p tcp -m multiport --dports "$port_list" -m set --match-set "fleetban$family" src
    [ "$mode" = observe ] || set -- "$@" -j DROP
    if ! "$tables" -w -t raw -C PREROUTING "$@" 2>/dev/null || [ "$(ipset_rules "$family" | wc -l)" -ne 1 ]; then
      ipset_rules "$family" >"$tmp/old-rules"
      "$tables" -w -t raw -I PREROUTING "$@" 2>"$tmp/kernel-error" || {
        say "$tables: $(printable <"$tmp/kernel-error")"
        return 1
      }
      delete_rules "$tables" <"$tmp/old-rules"
    fi
  done
}

iptables_of() {
  if [ "$1" = 4 ]; then echo iptables; else echo ip6tables; fi
}

# ipset_rules FAMILY: our rules as iptables -S prints them.
ipset_rules() {
  "$(iptables_of "$1")" -w -t raw -S PREROUTING 2>/dev/null | grep -- "--match-set fleetban$1 src" || :
}

# delete_rules IPTABLES: the rules on stdin. -D takes away the first that matches; where it equals the one just put first,
# that is the same rule, and one of the two remains.
delete_rules() {
  set -f
  while read -r _ chain rule; do
    # shellcheck disable=SC2086 # a rule is words
    "$1" -w -t raw -D "$chain" $rule 2>/dev/null || :
  done
  set +f
}

# ipset_stands: whether the sets are there. (The rule is looked after in each run.)
ipset_stands() {
  for family in $(families); do
    ipset list -t "fleetban$family" >/dev/null 2>&1 || return 1
  done
}

# ipset_remove FAMILY ADDRESS: takes it, and each network in which it lies, out of the set.
ipset_remove() {
  ipset list -t "fleetban$1" >/dev/null 2>&1 || return 0
  longest=32 shortest=8
  [ "$1" = 4 ] || longest=128 shortest=16
  length=$shortest
  while [ "$length" -le "$longest" ]; do
    echo "del fleetban$1 $2/$length -exist"
    length=$((length + 1))
  done | ipset_run restore
}

# ipset_stop: no rule, no set, no trace in the kernel.
ipset_stop() {
  for family in 4 6; do
    command -v "$(iptables_of "$family")" >/dev/null || continue
    ipset_rules "$family" >"$tmp/old-rules"
    delete_rules "$(iptables_of "$family")" <"$tmp/old-rules"
    for set in "fleetban$family" "fleetban$family-new"; do
      ! ipset list -t "$set" >/dev/null 2>&1 || ipset_run destroy "$set" || return 1
    done
  done
}

# ipset_status: "FAMILY NETWORKS PACKETS", packets as the rule has counted them.
ipset_status() {
  for family in $(families); do
    entries=$(ipset list -t "fleetban$family" 2>/dev/null | sed -n 's/^Number of entries: //p')
    packets=$("$(iptables_of "$family")" -w -t raw -L PREROUTING -v -n -x 2>/dev/null |
      awk -v set="fleetban$family" '{ for (i = 1; i < NF; i++) if ($i == "match-set" && $(i + 1) == set) print $1 }' | head -n 1)
    echo "$family ${entries:-none} ${packets:-none}"
  done
}
