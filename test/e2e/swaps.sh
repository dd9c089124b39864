#!/bin/sh
# swaps.sh LIB KERNEL COUNT FILE OTHER-FILE: loads two lists of "FAMILY NETWORK SECONDS" by turns, as fleetban-apply does once it
# has checked a list. So many runs of the whole program would take minutes.
# shellcheck disable=SC1090,SC2034 # host/lib's files and their variables
set -eu
lib=$1 kernel=$2 count=$3
for part in "$lib"/*.sh; do . "$part"; done

mode=enforce port_list=25,143,993 networks4=2 networks6=1 longest4=- longest6=- now=$(date +%s)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
lists=$tmp
while [ "$count" -gt 0 ]; do
  "${kernel}_load" "$4"
  set -- "$1" "$2" "$3" "$5" "$4"
  count=$((count - 1))
done
