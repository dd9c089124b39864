# shellcheck shell=sh
# What --status tells.

do_status() {
  read_clock
  choose_backend
  delta=
  # verified before it was kept; a status must not depend on keys
  [ -s "$lists/manifest" ] && read_fields "$lists/manifest" || serial=none created=- expires=- list_networks=0 list_hash=
  stopped=
  ! is_stopped || stopped=', stopped'
  line_of mode "$mode$stopped, $kernel, ports $ports"
  line_of list "serial $serial, made $created, expires $expires, $list_networks networks"
  "${kernel}_status" | while read -r family entries packets; do
    line_of kernel "IPv$family: $entries networks, $packets packets $(did)"
  done
  line_of loaded "$(when "$lists/loaded")"
  line_of polled "$(when "$lists/polled")"
  [ ! -s "$lists/failed" ] || line_of failed "$(when "$lists/failed"): $(sed 's/^[0-9]* //' "$lists/failed" | printable)"
  unbanned_now | while read -r unbanned; do line_of unbanned "$unbanned"; done
  if [ -f "$lists/list-$list_hash" ] && (check_networks "$lists/list-$list_hash"); then listed_logins; fi
}

line_of() {
  printf '%-9s %s\n' "$1" "$2"
}

did() {
  if [ "$mode" = enforce ]; then echo dropped; else echo 'would have been dropped'; fi
}

# when FILE: the time with which it begins, for people.
when() {
  date -u -d "@$(sed 's/ .*//' "$1" 2>/dev/null)" +%Y-%m-%dT%H:%M:%SZ 2>/dev/null || echo never
}
