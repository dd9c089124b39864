# shellcheck shell=sh
# The published list: fetch it, check it, keep the last good one. Nothing of it is ever a command.
#
# Kept in $lists: manifest (the last verified one), list-HASH (its blocklist.tsv), etag (of the manifest, once the kernel has it).

largest_list=67108864 # bytes: about a million and a half networks

# fetch_list: gets the manifest and, where it names another list than the one kept, the list; both checked and kept.
# Exits with the reason on any trouble. Sets $list_hash, unless nothing is new since the manifest that the kernel has.
fetch_list() {
  list_hash='' etag=''
  read -r etag 2>/dev/null <"$lists/etag" || :
  get blocklist/manifest 65536 "$etag"
  case $s3_status in
  304) return 0 ;;
  200) ;;
  *) die "$(s3_trouble 'blocklist/manifest')" ;;
  esac
  sed -n 's/^[Ee][Tt][Aa][Gg]: *"\([A-Za-z0-9._-]\{1,64\}\)".*/\1/p' "$tmp/answer-headers" >"$tmp/etag"
  mv "$tmp/answer" "$tmp/manifest"
  read_old_manifest
  read_manifest "$tmp/manifest"
  check_times
  check_serial
  if ! list_is_whole "$lists/list-$list_hash"; then
    fetch_delta || fetch_whole
    read_clock # that may have taken minutes
    check_networks "$tmp/list" # before it is kept: what does not pass here must not be loaded at boot either
    mv "$tmp/list" "$lists/list-$list_hash" || die "$lists: the list cannot be kept"
  fi
  mv "$tmp/manifest" "$lists/manifest" || die "$lists: the manifest cannot be kept"
}

fetch_whole() {
  get "$list_folder/blocklist.tsv" "$list_size" ''
  [ "$s3_status" = 200 ] || die "$(s3_trouble "$list_folder/blocklist.tsv")"
  list_is_whole "$tmp/answer" || die "$list_folder/blocklist.tsv: size or SHA-256 differs from the manifest's: not applied"
  mv "$tmp/answer" "$tmp/list"
}

# read_old_manifest: sets old_serial, old_hash, and delta, the name of the file that tells what has changed since; empty for none.
read_old_manifest() {
  old_serial='' old_hash='' delta=''
  [ -s "$lists/manifest" ] && read_fields "$lists/manifest" || return 0
  old_serial=$serial old_hash=$list_hash delta=from-${list_folder#blocklist/}.tsv
}

# fetch_delta: the new list as $tmp/list, made of the kept one and what has changed since. Fails where the manifest tells of no
# delta from it, and on any trouble: then the whole list is to be fetched.
fetch_delta() {
  [ -n "$delta_facts" ] && [ -f "$lists/list-$old_hash" ] || return 1
  split_facts "$delta_facts" && [ "$facts_size" -le "$list_size" ] || return 1
  get "$list_folder/$delta" "$facts_size" ''
  if [ "$s3_status" = 200 ] && is_whole "$tmp/answer" "$facts_size" "$facts_hash" &&
    awk -v old="$lists/list-$old_hash" -f "$lib/delta.awk" "$tmp/answer" >"$tmp/list" 2>/dev/null &&
    list_is_whole "$tmp/list"; then
    note "fetched $facts_size bytes that have changed, instead of $list_size"
    return 0
  fi
  note "$list_folder/$delta cannot be used: the whole list is fetched"
  return 1
}

# get KEY LIMIT ETAG: the object of the lists bucket, or of the web server that stands in for it.
get() {
  if [ -n "$3" ]; then printf 'if-none-match: "%s"\n' "$3"; fi >"$tmp/condition"
  s3_limit=$2 s3_body='' s3_seconds=300
  if [ -n "$lists_url" ]; then
    web_get "$lists_url/$1" <"$tmp/condition"
  else
    s3 GET "$lists_bucket" "$1" '' <"$tmp/condition"
  fi
}

# list_is_whole FILE: whether it is what the manifest promises.
list_is_whole() {
  is_whole "$1" "$list_size" "$list_hash"
}

# is_whole FILE SIZE SHA256
is_whole() {
  [ -f "$1" ] && [ $(($(wc -c <"$1"))) -eq "$2" ] && [ "$(sha256 <"$1")" = "$3" ]
}

# kept_list: sets what read_manifest sets, from the kept manifest; fails where nothing whole is kept.
kept_list() {
  [ -s "$lists/manifest" ] || return 1
  delta=
  read_manifest "$lists/manifest"
  list_is_whole "$lists/list-$list_hash"
}
