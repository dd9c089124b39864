# shellcheck shell=sh
# The manifest: signed, in time, not older than what this host has had. The format is told in docs/blocklist.md.

# read_manifest FILE: checks the signature (over all lines before the last), then sets serial, created, expires,
# list_folder, list_networks, list_size and list_hash. The fields are read from the very bytes that were verified.
read_manifest() {
  sed '$d' "$1" >"$tmp/signed"
  sed -n '$s/^"signature":"\([A-Za-z0-9+\/=]\{1,400\}\)"}$/\1/p' "$1" | openssl base64 -d -A >"$tmp/signature" 2>/dev/null || :
  check_signature "$1"
  [ "$(head -n 1 "$tmp/signed")" = '{"format":"fleetban-manifest-1",' ] || die "$1: of a format that this version cannot read"
  read_fields
  for number in "$serial" "$list_networks" "$list_size"; do
    is_number "$number" || die "$1: a field is missing, twice there or malformed: not applied"
  done
  case ${#created},${#expires},${#list_hash},$list_folder in
  20,20,64,blocklist/*) ;;
  *) die "$1: a field is missing, twice there or malformed: not applied" ;;
  esac
  [ "$list_size" -le "$largest_list" ] || die "$1: a list of $list_size bytes is larger than $largest_list: not applied"
}

read_fields() {
  serial=$(field serial '[0-9]\{1,15\}')
  created=$(field created "$iso_time")
  expires=$(field expires "$iso_time")
  list_folder=$(field folder '"blocklist\/[0-9]\{1,15\}-[0-9a-f]\{1,64\}"')
  list_networks=$(field networks '[0-9]\{1,9\}')
  facts=$(field blocklist.tsv "$file_facts")
  list_size=$(printf '%s\n' "$facts" | facts_size)
  list_hash=$(printf '%s\n' "$facts" | facts_sha256)
}

iso_time='"[0-9]\{4\}-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]Z"'
file_facts='{"size":[0-9]\{1,9\},"sha256":"[0-9a-f]\{64\}"}'

# field NAME PATTERN: the value of a member that stands on a line of its own, without quotes.
field() {
  manifest_field "$1" "$tmp/signed" "$2"
}

manifest_field() {
  sed -n "s/^\"$1\":\($3\),\{0,1\}\$/\1/p" "$2" 2>/dev/null | sed 's/^"\(.*\)"$/\1/'
}

facts_size() {
  sed 's/.*"size":\([0-9]*\),.*/\1/'
}

facts_sha256() {
  sed 's/.*"sha256":"\(.*\)"}/\1/'
}

check_signature() {
  for key in "$keys"/*.pem; do
    openssl dgst -sha256 -verify "$key" -signature "$tmp/signature" "$tmp/signed" >/dev/null 2>&1 && return 0
  done
  [ -e "$key" ] || die "$keys: no *.pem there: put the deployment's public key there"
  die "${1##*/}: no key of $keys has signed it: not applied"
}

# check_times: ISO times compare as numbers once their marks are gone. A wrong clock is said, not guessed around.
check_times() {
  read_clock
  [ "$(digits "$expires")" -gt "$(digits "$clock")" ] ||
    die "the list expired at $expires and this host's clock says $clock: nobody publishes, or the clock is off: not applied"
  [ "$(digits "$created")" -le "$(digits "$(date -u -d "@$((now + 600))" +%Y-%m-%dT%H:%M:%SZ)")" ] ||
    die "the list was made at $created but this host's clock says $clock: the clock is off: not applied"
}

# read_clock: sets now (epoch seconds) and clock (ISO 8601).
read_clock() {
  now=$(date -u '+%s %Y-%m-%dT%H:%M:%SZ')
  clock=${now#* } now=${now%% *}
}

digits() {
  printf '%s' "$1" | tr -cd 0-9
}

# check_serial: never back to an older list, nor to another of the same serial.
check_serial() {
  [ -s "$lists/manifest" ] || return 0
  kept_serial=$(manifest_field serial "$lists/manifest" '[0-9]\{1,15\}')
  is_number "$kept_serial" || return 0
  [ "$serial" -ge "$kept_serial" ] || die "the list has serial $serial, but $kept_serial was applied already: an older one, not applied"
  [ "$serial" -gt "$kept_serial" ] || grep -q "^\"blocklist.tsv\":.*\"$list_hash\"" "$lists/manifest" ||
    die "serial $serial was applied already with another content: not applied"
}
