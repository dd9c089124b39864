# shellcheck shell=sh
# The kernel by ipset: sets fleetban4 and fleetban6, and one rule each in the raw table's PREROUTING: before connection tracking,
# before rules that let established connections pass, before Docker's DNAT.

# find_families: sets families to "4", or "4 6" where the kernel has IPv6.
find_families() {
  families=4
  [ ! -e /proc/net/if_inet6 ] || ! command -v ip6tables >/dev/null || families='4 6'
}

# ipset_load FILE: lines "FAMILY NETWORK SECONDS". New sets are filled, then swapped in; on any trouble the old ones stay.
ipset_load() {
  find_families
  for family in $families; do
    ipset_ours "$family" || return 1
  done
  ipset_destroy_new
  ipset_commands "$1" | ipset_run restore || {
    ipset_destroy_new
    return 1
  }
  ipset_rule
}

# ipset_commands FILE: the swap comes in the end, from the program that writes all that stands before it: without it, nothing changes.
ipset_commands() {
  for family in $families; do
    if [ "$family" = 4 ]; then size=$networks4; else size=$networks6; fi
    hash=1024
    while [ "$hash" -lt "$size" ]; do hash=$((hash * 2)); done
    echo "create fleetban$family-new hash:net family $(inet "$family") hashsize $hash maxelem $((size + 1)) timeout 2147483"
  done
  awk -v known="$families" '
    index(known, $1) { print "add fleetban" $1 "-new " $2 " timeout " $3 }
    END {
      for (i = split(known, family, " "); i > 0; i--) {
        print "swap fleetban" family[i] "-new fleetban" family[i]
        print "destroy fleetban" family[i] "-new"
      }
    }' "$1" || echo 'the list could not be read' # no command: ipset fails
}

# ipset_destroy_new: what a run that was killed or failed has left.
ipset_destroy_new() {
  for family in $families; do
    ipset destroy "fleetban$family-new" 2>/dev/null || :
  done
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

# ipset_stands: whether the sets hold what was loaded. Told by the network that is banned for longest: to count all costs more.
ipset_stands() {
  find_families
  for family in $families; do
    if [ "$family" = 4 ]; then longest=$longest4; else longest=$longest6; fi
    if [ "$longest" = - ]; then
      ipset list -t "fleetban$family" >/dev/null 2>&1 || return 1
    else
      ipset -q test "fleetban$family" "$longest" 2>/dev/null || return 1
    fi
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
    choose_tables "$family"
    command -v "$tables" >/dev/null || continue
    ipset_rules "$family"
    printf '%s\n' "$rules" >"$tmp/old-rules" || return 1
    delete_rules "$family" <"$tmp/old-rules"
    for set in "fleetban$family" "fleetban$family-new"; do
      ! ipset list -t "$set" >/dev/null 2>&1 || ipset_run destroy "$set" || return 1
    done
  done
}

# ipset_status: "FAMILY NETWORKS PACKETS", packets as the rule has counted them.
ipset_status() {
  find_families
  for family in $families; do
    entries=$(ipset list -t "fleetban$family" 2>/dev/null | sed -n 's/^Number of entries: //p')
    ipset_rules "$family"
    split_counter "$rules"
    echo "$family ${entries:-none} ${packets:-none}"
  done
}
