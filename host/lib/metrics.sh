# shellcheck shell=sh
# How the last runs went: kept in $lists for --status, and written for node_exporter's textfile collector.

# remember_run EXIT: $lists/polled has the time of the last run without trouble, $lists/failed that of the last other one, and why.
remember_run() {
  find_metrics
  if [ "$1" -eq 0 ]; then
    echo "$now" 2>/dev/null >"$lists/polled" || :
  else
    printf '%s %s\n' "$now" "${said:-ended from outside}" 2>/dev/null >"$lists/failed" || :
  fi
  [ -z "$metrics_folder" ] || write_metrics "$1" 2>/dev/null ||
    say_once metrics "$metrics_folder: metrics cannot be written there; under systemd it must be among the unit's ReadWritePaths"
}

# find_metrics: sets metrics_folder: as configured, else Debian's, where node_exporter has it.
find_metrics() {
  metrics_folder=$metrics
  case $metrics in
  auto)
    metrics_folder=/var/lib/prometheus/node-exporter
    [ -d "$metrics_folder" ] || metrics_folder=
    ;;
  none) metrics_folder= ;;
  esac
}

# write_metrics EXIT: a reader sees the old file or the new one. node_exporter reads only names that end in .prom. The folder may
# belong to another user: nothing is opened there for writing, as what bears our name might be a link.
write_metrics() {
  last_success=0 last_failure=0
  read -r last_success <"$lists/polled" || :
  read -r last_failure _ <"$lists/failed" || :
  is_number "$last_success" || last_success=0
  is_number "$last_failure" || last_failure=0
  read_loaded || loaded_serial=0 loaded_created=0 loaded_expires=0 networks4=0 networks6=0
  is_enforcing=0 has_stopped=0
  [ "$mode" = observe ] || is_enforcing=1
  ! is_stopped || has_stopped=1
  metric_lines "$1" >"$tmp/metrics" && chmod 644 "$tmp/metrics" &&
    mv -f "$tmp/metrics" "$metrics_folder/.fleetban.$action" && mv -f "$metrics_folder/.fleetban.$action" "$metrics_folder/fleetban.prom"
}

metric_lines() {
  metric apply_exit_code gauge "Exit code of the last run of fleetban-apply." "$1"
  metric apply_last_run_timestamp_seconds gauge "When fleetban-apply last ended." "$now"
  metric apply_last_success_timestamp_seconds gauge "When fleetban-apply last ended without trouble." "$last_success"
  metric apply_last_failure_timestamp_seconds gauge "When fleetban-apply last ended with trouble, 0 for never." "$last_failure"
  metric apply_enforcing gauge "1: packets are dropped, 0: they are counted." "$is_enforcing"
  metric apply_stopped gauge "1: nothing is applied until fleetban-apply --start." "$has_stopped"
  metric blocklist_serial gauge "Serial of the list in the kernel, 0 for none." "$loaded_serial"
  metric blocklist_created_timestamp_seconds gauge "When the list in the kernel was made." "$loaded_created"
  metric blocklist_expires_timestamp_seconds gauge "Until when the list may be loaded." "$loaded_expires"
  family_metric blocklist_networks gauge "Networks that were loaded." "$networks4" "$networks6"
  [ -z "${packets4-}" ] || family_metric blocklist_packets_total counter \
    "Packets of listed networks to closed ports: dropped, or where not enforcing, let pass." "$packets4" "${packets6:-0}"
}

# metric NAME TYPE HELP VALUE
metric() {
  printf '# HELP fleetban_%s %s\n# TYPE fleetban_%s %s\nfleetban_%s %s\n' "$1" "$3" "$1" "$2" "$1" "$4"
}

# family_metric NAME TYPE HELP IPV4 IPV6
family_metric() {
  printf '# HELP fleetban_%s %s\n# TYPE fleetban_%s %s\n' "$1" "$3" "$1" "$2"
  printf 'fleetban_%s{family="ipv4"} %s\nfleetban_%s{family="ipv6"} %s\n' "$1" "$4" "$1" "$5"
}
