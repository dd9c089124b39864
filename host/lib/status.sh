# shellcheck shell=sh
# What --status tells.

# poll_went_well: remembered for --status.
poll_went_well() {
  date +%s >"$lists/polled"
}

do_status() {
  serial=none created=- expires=- list_networks=0
  if [ -s "$lists/manifest" ]; then
    sed '$d' "$lists/manifest" >"$tmp/signed" # verified before it was kept; a status must not depend on keys
    read_fields
  fi
  stopped=
  [ ! -e "$state/stopped" ] || stopped=', stopped'
  printf 'mode\t%s%s, %s, ports %s\n' "$mode" "$stopped" "$kernel" "$ports"
  printf 'list\tserial %s, made %s, expires %s, %s networks\n' "$serial" "$created" "$expires" "$list_networks"
  "${kernel}_status" | while read -r family entries packets; do
    printf 'kernel\tIPv%s: %s networks, %s packets %s\n' "$family" "$entries" "$packets" "$(did)"
  done
  printf 'loaded\t%s\n' "$(when "$lists/loaded")"
  printf 'polled\t%s\n' "$(when "$lists/polled")"
  [ ! -f "$state/unbanned" ] || unbanned_now | sed 's/^/unbanned	/'
}

did() {
  if [ "$mode" = enforce ]; then echo dropped; else echo 'would have been dropped'; fi
}

# when FILE: the time that it holds, for people.
when() {
  date -u -d "@$(sed 's/ .*//' "$1" 2>/dev/null)" +%Y-%m-%dT%H:%M:%SZ 2>/dev/null || echo never
}
