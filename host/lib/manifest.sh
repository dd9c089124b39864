# shellcheck shell=sh
# The manifest: signed, in time, not older than what this host has had. The format is told in docs/blocklist.md.

# read_manifest FILE: checks the signature (over all lines before the last), then sets what read_fields sets, and created_at and
# expires_at, epoch seconds. The fields are read from the very bytes that were verified.
read_manifest() {
  sed '$d' "$1" >"$tmp/signed"
  sed -n '$s/^"signature":"\([A-Za-z0-9+\/=]\{1,400\}\)"}$/\1/p' "$1" | openssl base64 -d -A >"$tmp/signature" 2>/dev/null || :
  check_signature "$1"
  IFS= read -r line <"$tmp/signed" || line=
  [ "$line" = '{"format":"fleetban-manifest-1",' ] || die "$1: of a format that this version cannot read"
  if ! { read_fields "$tmp/signed" && created_at=$(epoch_seconds "$created") && expires_at=$(epoch_seconds "$expires"); }; then
    die "$1: a field is missing, twice there or malformed: not applied"
  fi
  [ "$list_size" -le "$largest_list" ] || die "$1: a list of $list_size bytes is larger than $largest_list: not applied"
}

# read_fields FILE: sets serial, created, expires, list_folder, list_networks, list_size, list_hash, and delta_facts, those of the
# file $delta. Fails where one but the last is missing, twice there or malformed. Each member stands on a line of its own.
read_fields() {
  serial='' created='' expires='' list_folder='' list_networks='' facts='' delta_facts=''
  while IFS= read -r line; do
    line=${line%,}
    case ${line%%:*} in
    '"serial"') serial="$serial ${line#*:}" ;;
    '"created"') created="$created ${line#*:}" ;;
    '"expires"') expires="$expires ${line#*:}" ;;
    '"folder"') list_folder="$list_folder ${line#*:}" ;;
    '"networks"') list_networks="$list_networks ${line#*:}" ;;
    '"blocklist.tsv"') facts="$facts ${line#*:}" ;;
    "\"$delta\"") delta_facts="$delta_facts ${line#*:}" ;;
    esac
  done <"$1"
  serial=${serial# } list_networks=${list_networks# }
  is_number "$serial" && is_number "$list_networks" || return 1
  unquote "$created" && created=$unquoted && is_time "$created" || return 1
  unquote "$expires" && expires=$unquoted && is_time "$expires" || return 1
  unquote "$list_folder" && list_folder=$unquoted && is_folder "$list_folder" || return 1
  split_facts "$facts" && list_size=$facts_size list_hash=$facts_hash
}

# unquote MEMBER: sets unquoted to what stands between the quotes, behind the blank.
unquote() {
  unquoted=${1#' "'}
  unquoted=${unquoted%'"'}
  [ "$1" = " \"$unquoted\"" ]
}

is_time() {
  case $1 in
  [0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]Z) ;;
  *) return 1 ;;
  esac
}

is_folder() {
  case ${1#blocklist/} in
  *[!0-9a-f-]* | -* | *- | *-*-* | ????????????????????????????????????????*) return 1 ;;
  *-*) [ "$1" != "${1#blocklist/}" ] ;;
  *) return 1 ;;
  esac
}

# split_facts MEMBER: sets facts_size and facts_hash of a file's.
split_facts() {
  facts_size=${1#' {"size":'} facts_hash=${1#*'"sha256":"'}
  facts_size=${facts_size%%,*} facts_hash=${facts_hash%'"}'}
  [ "$1" = " {\"size\":$facts_size,\"sha256\":\"$facts_hash\"}" ] && is_number "$facts_size" && [ ${#facts_hash} -eq 64 ] || return 1
  case $facts_hash in *[!0-9a-f]*) return 1 ;; esac
}

check_signature() {
  for key in "$keys"/*.pem; do
    openssl dgst -sha256 -verify "$key" -signature "$tmp/signature" "$tmp/signed" >/dev/null 2>&1 && return 0
  done
  [ -e "$key" ] || die "$keys: no *.pem there: put the deployment's public key there"
  die "${1##*/}: no key of $keys has signed it: not applied"
}

# check_times: a wrong clock is said, not guessed around.
check_times() {
  read_clock
  [ "$expires_at" -gt "$now" ] ||
    die "the list expired at $expires and this host's clock says $clock: nobody publishes, or the clock is off: not applied"
  [ "$created_at" -le $((now + 600)) ] ||
    die "the list was made at $created but this host's clock says $clock: the clock is off: not applied"
}

# read_clock: sets now (epoch seconds) and clock (ISO 8601).
read_clock() {
  now=$(date -u '+%s %Y-%m-%dT%H:%M:%SZ')
  clock=${now#* } now=${now%% *}
}

# epoch_seconds ISO_TIME: busybox's date knows no T and no Z.
epoch_seconds() {
  day=${1%T*} time=${1#*T}
  date -u -d "$day ${time%Z}" +%s 2>/dev/null
}

# check_serial: never back to an older list, nor to another of the same serial.
check_serial() {
  [ -n "$old_serial" ] || return 0
  [ "$serial" -ge "$old_serial" ] || die "the list has serial $serial, but $old_serial was applied already: an older one, not applied"
  [ "$serial" -gt "$old_serial" ] || [ "$list_hash" = "$old_hash" ] ||
    die "serial $serial was applied already with another content: not applied"
}
