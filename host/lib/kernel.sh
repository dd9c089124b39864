# shellcheck shell=sh
# What is the same for ipset and nft: which of them, and what was loaded.

# backends: those that are there.
backends() {
  ! is_there ipset || echo ipset
  ! is_there nft || echo nft
}

is_there() {
  case $1 in
  ipset) command -v ipset >/dev/null && command -v iptables >/dev/null ;;
  nft) command -v nft >/dev/null ;;
  *) return 1 ;;
  esac
}

# choose_backend: sets kernel to ipset or nft: as told, else what was found when a list was loaded last.
choose_backend() {
  kernel=$backend
  if [ "$backend" = auto ]; then
    read_loaded || loaded_backend=
    kernel=$loaded_backend
    is_there "$kernel" || find_backend
  fi
  [ "$action" != dry_run ] || return 0
  if [ "$kernel" = ipset ]; then need ipset iptables; else need nft; fi
}

# find_backend: ipset where it is installed; but nft beside firewalld, which at each reload flushes the raw table of iptables and
# leaves tables alone that are not its own.
find_backend() {
  kernel=nft
  is_there ipset || return 0
  if ! is_there nft || ! runs_firewalld; then kernel=ipset; fi
}

# runs_firewalld: any user may call a program so, but it runs as root.
runs_firewalld() {
  grep -lsx firewalld /proc/[0-9]*/comm | while read -r comm; do stat -c %u "${comm%/comm}" 2>/dev/null; done | grep -qx 0
}

lock_kernel() {
  exec 9>"$lists/.kernel-lock"
  flock 9
  ! is_stopped || exit 0 # meanwhile
}

# read_loaded: what was loaded last; fails where nothing was, or it is not known.
read_loaded() {
  loaded='' loaded_end=''
  read -r loaded loaded_hash loaded_serial loaded_created loaded_expires loaded_backend networks4 networks6 longest4 longest6 \
    loaded_end 2>/dev/null <"$lists/loaded" || :
  [ "$loaded_end" = whole ]
}

# is_loaded: whether the kernel has the list that is in force. It has not where there is another; the sets are gone (reboot, flush);
# whom this host never bans may have changed; or a day has passed: timeouts that are longer than the kernel's longest are renewed.
# shellcheck disable=SC3013 # -nt: POSIX since 2024, and dash, bash and busybox have it
is_loaded() {
  read_loaded && [ "${list_hash:-$loaded_hash}" = "$loaded_hash" ] && [ "$kernel" = "$loaded_backend" ] || return 1
  [ -n "$list_hash" ] || [ "$now" -lt "$loaded_expires" ] || return 1
  [ $((now - loaded)) -ge 0 ] && [ $((now - loaded)) -lt 86400 ] || return 1
  for file in "$never" /etc/resolv.conf; do
    [ ! -e "$file" ] || [ "$lists/loaded" -nt "$file" ] || return 1
  done
  "${kernel}_stands"
}

# load_list: the list that read_manifest told of, into the kernel.
load_list() {
  if [ -e "$tmp/networks" ]; then recall_networks; else check_networks "$lists/list-$list_hash"; fi
  "${kernel}_load" "$tmp/networks" || die "serial $serial is not applied: the kernel keeps what it has"
  loaded=$now
  list_applied
  for other in $(backends); do
    [ "$other" = "$kernel" ] || "${other}_stop" || die "what an earlier run loaded by $other could not be removed"
  done
  note "serial $serial applied: $((networks4 + networks6)) networks, mode $mode"
}

# list_applied: the kernel has it: the next poll needs to ask only whether there is another.
list_applied() {
  echo "$loaded $list_hash $serial $created_at $expires_at $kernel" \
    "$networks4 $networks6 $longest4 $longest6 whole" >"$lists/loaded"
  [ ! -s "$tmp/etag" ] || mv "$tmp/etag" "$lists/etag"
  for file in "$lists"/list-*; do
    [ "$file" = "$lists/list-$list_hash" ] || rm -f "$file"
  done
}

# forget_list: the kept list is damaged: without the etag the next poll gets it anew.
forget_list() {
  rm -f "$lists/etag" "$lists/loaded"
  die "$lists: the kept list is not whole: the next poll fetches it again"
}
