# shellcheck shell=sh
# The published list: fetch it, check it, keep the last good one. Nothing of it is ever a command.
#
# Kept in $lists: manifest (the last verified one), list-HASH (its blocklist.tsv), etag (of the manifest, once the kernel has it).

largest_list=67108864 # bytes: about a million and a half networks

# fetch_list: gets the manifest and, where it names another list than the one kept, the list; both checked and kept.
# Exits with the reason on any trouble. Sets $list_hash, unless nothing is new since the manifest that the kernel has.
fetch_list() {
  list_hash=''
  etag=$(cat "$lists/etag" 2>/dev/null) || etag=
  get blocklist/manifest 65536 "$etag"
  case $s3_status in
  304) return 0 ;;
  200) ;;
  *) die "$(s3_trouble 'blocklist/manifest')" ;;
  esac
  sed -n 's/^[Ee][Tt][Aa][Gg]: *"\([A-Za-z0-9._-]\{1,64\}\)".*/\1/p' "$tmp/answer-headers" >"$tmp/etag"
  mv "$tmp/answer" "$tmp/manifest"
  read_manifest "$tmp/manifest"
  check_times
  check_serial
  if ! list_is_whole "$lists/list-$list_hash"; then
    get "$list_folder/blocklist.tsv" "$list_size" ''
    [ "$s3_status" = 200 ] || die "$(s3_trouble "$list_folder/blocklist.tsv")"
    list_is_whole "$tmp/answer" || die "$list_folder/blocklist.tsv: size or SHA-256 differs from the manifest's: not applied"
    mv "$tmp/answer" "$tmp/list"
    check_networks "$tmp/list" # before it is kept: what does not pass here must not be loaded at boot either
    mv "$tmp/list" "$lists/list-$list_hash" || die "$lists: the list cannot be kept"
  fi
  mv "$tmp/manifest" "$lists/manifest" || die "$lists: the manifest cannot be kept"
}

# get KEY LIMIT ETAG: the object of the lists bucket, or of the web server that stands in for it.
get() {
  [ -z "$3" ] || printf 'if-none-match: "%s"\n' "$3" >"$tmp/condition"
  [ -n "$3" ] || : >"$tmp/condition"
  s3_limit=$2 s3_body='' s3_seconds=300
  if [ -n "$lists_url" ]; then
    web_get "$lists_url/$1" <"$tmp/condition"
  else
    s3 GET "$lists_bucket" "$1" '' <"$tmp/condition"
  fi
}

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
  created=$(field created '"[0-9]\{4\}-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]Z"')
  expires=$(field expires '"[0-9]\{4\}-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]Z"')
  list_folder=$(field folder '"blocklist\/[0-9]\{1,15\}-[0-9a-f]\{1,64\}"')
  list_networks=$(field networks '[0-9]\{1,9\}')
  list_size=$(field blocklist.tsv '{"size":[0-9]\{1,9\},"sha256":"[0-9a-f]\{64\}"}' | sed 's/.*"size":\([0-9]*\),.*/\1/')
  list_hash=$(field blocklist.tsv '{"size":[0-9]\{1,9\},"sha256":"[0-9a-f]\{64\}"}' | sed 's/.*"sha256":"\(.*\)"}/\1/')
}

# field NAME PATTERN: the value of a member that stands on a line of its own, without quotes.
field() {
  sed -n "s/^\"$1\":\($2\),\{0,1\}\$/\1/p" "$tmp/signed" | sed 's/^"\(.*\)"$/\1/'
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
  clock=$(date -u +%Y-%m-%dT%H:%M:%SZ)
  [ "$(digits "$expires")" -gt "$(digits "$clock")" ] ||
    die "the list expired at $expires and this host's clock says $clock: nobody publishes, or the clock is off: not applied"
  [ "$(digits "$created")" -le "$(digits "$(date -u -d "@$(($(date +%s) + 600))" +%Y-%m-%dT%H:%M:%SZ)")" ] ||
    die "the list was made at $created but this host's clock says $clock: the clock is off: not applied"
}

digits() {
  printf '%s' "$1" | tr -cd 0-9
}

# check_serial: never back to an older list, nor to another of the same serial.
check_serial() {
  [ -s "$lists/manifest" ] || return 0
  kept_serial=$(sed -n 's/^"serial":\([0-9]\{1,15\}\),$/\1/p' "$lists/manifest")
  is_number "$kept_serial" || return 0
  [ "$serial" -ge "$kept_serial" ] || die "the list has serial $serial, but $kept_serial was applied already: an older one, not applied"
  [ "$serial" -gt "$kept_serial" ] || grep -q "^\"blocklist.tsv\":.*\"$list_hash\"" "$lists/manifest" ||
    die "serial $serial was applied already with another content: not applied"
}

# list_is_whole FILE: whether it is what the manifest promises.
list_is_whole() {
  [ -f "$1" ] && [ $(($(wc -c <"$1"))) -eq "$list_size" ] && [ "$(sha256 <"$1")" = "$list_hash" ]
}

# check_networks FILE: leaves "FAMILY NETWORK SECONDS" of each ban in force in $tmp/networks, without what is never listed here.
check_networks() {
  never_lines=$(never_listed) # first in memory: cut off by a full disk it would protect fewer
  printf '%s\n' "$never_lines" >"$tmp/never" || die "$tmp: cannot be written: is the disk full?"
  : >"$tmp/remarks"
  awk -v now="$(date +%s)" -v networks="$list_networks" -v never_file="$tmp/never" -v remarks="$tmp/remarks" \
    -f "$lib/address.awk" -f "$lib/list.awk" "$tmp/never" "$1" >"$tmp/networks" 2>"$tmp/reason" ||
    die "the list is refused: $(printable <"$tmp/reason")"
  sed -n 's/^not-understood //p' "$tmp/remarks" | head -n 1 | while read -r wrong; do
    say_once never "$never: '$(printf '%s' "$wrong" | printable)' is no address or network: it protects nobody"
  done
  sed -n 's/^left-out /not banned, as this host never bans what lies in it: /p' "$tmp/remarks" | while read -r line; do note "$line"; done
}

# kept_list: sets what read_manifest sets, from the kept manifest; fails where nothing whole is kept.
kept_list() {
  [ -s "$lists/manifest" ] || return 1
  read_manifest "$lists/manifest"
  list_is_whole "$lists/list-$list_hash"
}

# list_applied: the kernel has it: the next poll needs to ask only whether there is another.
list_applied() {
  echo "$(date +%s) $list_hash" >"$lists/loaded"
  [ ! -s "$tmp/etag" ] || mv "$tmp/etag" "$lists/etag"
  for file in "$lists"/list-*; do
    [ "$file" = "$lists/list-$list_hash" ] || rm -f "$file"
  done
}
