# shellcheck shell=sh
# Requests to S3 by curl. Nothing secret is an argument: curl reads its options from stdin.
# A poll each minute shall cost little, and each program started costs more than all that a shell does by itself: few are.

# SHA-256 of nothing: most requests have no body.
empty_sha256=e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855

# s3 METHOD BUCKET KEY QUERY: sends one request. Header lines ("name: value", names in lower case) come on stdin; the body is
# the file $s3_body, where set; at most $s3_limit bytes of the answer go to $tmp/answer.
# Sets s3_status (000: no answer) and leaves the answer's headers in $tmp/answer-headers.
# KEY and QUERY must be encoded already; QUERY's parameters sorted: curl before 8.3 does not see to either.
s3() {
  s3_url "$2" "$3"
  read_headers
  hash=$empty_sha256
  [ -z "${s3_body-}" ] || hash=$(sha256 <"$s3_body")
  headers="${headers}x-amz-content-sha256: $hash$newline"
  [ -z "$session_token" ] || headers="${headers}x-amz-security-token: $session_token$newline"
  curl_signs || s3_sign_headers "$1" "$4" "$hash"
  s3_options "$1" "$url_base$url_path${4:+?$4}"
  send_request
}

# web_get URL: an unsigned GET, otherwise as s3.
web_get() {
  read_headers
  url_base=$1 options="url = \"$1\"$newline"
  curl_headers
  send_request
}

# send_request: the shell would report by itself that curl was stopped by its limit.
send_request() {
  { s3_status=$(printf '%s' "$options" | curl_bounded); } 2>/dev/null || s3_status=000
}

read_headers() {
  headers=
  while IFS= read -r line; do headers=$headers$line$newline; done
}

# s3_url BUCKET KEY: by path where an endpoint is given or the bucket's name has dots (no certificate fits those), else by host name.
s3_url() {
  case $endpoint,$1 in
  ,*.*) url_base=https://s3.$region.amazonaws.com url_path=/$1/$2 ;;
  ,*) url_base=https://$1.s3.$region.amazonaws.com url_path=/$2 ;;
  *) url_base=$endpoint url_path=/$1/$2 ;;
  esac
}

s3_sign_headers() {
  stamp=$(date -u +%Y%m%dT%H%M%SZ)
  headers="${headers}x-amz-date: $stamp$newline"
  authorization=$(printf '%shost: %s\n' "$headers" "${url_base#*://}" | sigv4 "$1" "$url_path" "$2" "$3" "$stamp") || return 1
  headers="${headers}authorization: $authorization$newline"
}

s3_options() {
  options=
  ! curl_signs || options="aws-sigv4 = \"aws:amz:$region:s3\"${newline}user = \"$access_key_id:$secret_access_key\"$newline"
  options="${options}request = \"$1\"${newline}url = \"$2\"$newline"
  [ -z "${s3_body-}" ] || options="${options}upload-file = \"$s3_body\"$newline"
  curl_headers
}

# curl_headers: adds $headers to curl's options, and whom to believe.
curl_headers() {
  [ -z "$ca_file" ] || options="${options}cacert = \"$ca_file\"${newline}capath = \"/nonexistent\"$newline"
  while [ -n "$headers" ]; do
    line=${headers%%"$newline"*} headers=${headers#*"$newline"}
    escape_line
    options="${options}header = \"$escaped\"$newline"
  done
}

# escape_line: sets escaped to $line for a quoted value of curl's configuration.
escape_line() {
  escaped=
  while :; do
    case $line in *[\"\\]*) ;; *) break ;; esac
    escaped=$escaped${line%%[\"\\]*} line=${line#"${line%%[\"\\]*}"}
    escaped=$escaped\\${line%"${line#?}"} line=${line#?}
  done
  escaped=$escaped$line
}

# curl_bounded: for a subshell: becomes curl with options from stdin, in bounded time and space; prints the HTTP status.
# --max-filesize does not bind where the server does not tell the length, so the kernel does: ulimit counts blocks of 512 bytes,
# and is meant coarsely.
curl_bounded() {
  : >"$tmp/answer"
  ulimit -f $(((${s3_limit:-65536} / 512 + 128) * 2))
  exec curl --disable --config - --globoff --silent --show-error --output "$tmp/answer" --dump-header "$tmp/answer-headers" \
    --write-out '%{http_code}' --connect-timeout 10 --max-time "${s3_seconds:-60}" --speed-limit 100 --speed-time 20 \
    --max-filesize "${s3_limit:-65536}" --proto =http,https --suppress-connect-headers 2>"$tmp/curl-error"
}

# s3_trouble WHAT: one line that says what went wrong and what to do about the usual causes.
s3_trouble() {
  rm -f "$state/curl-version" # it may be that
  code=$(sed -n 's/.*<Code>\([A-Za-z0-9]\{1,64\}\)<\/Code>.*/\1/p' "$tmp/answer" 2>/dev/null | head -n 1)
  reason=$(printable <"$tmp/curl-error")
  case $s3_status,$code in
  000,*) hint="no usable answer from $url_base: ${reason:-it cannot be written: is the disk full?}" ;;
  *,RequestTimeTooSkewed) hint="this host's clock is off: it says $(date -u +%Y-%m-%dT%H:%M:%SZ)" ;;
  *,SignatureDoesNotMatch | *,InvalidAccessKeyId) hint="$code: check access-key-id and secret-access-key" ;;
  *,NoSuchBucket) hint="$code: check the bucket's name and the endpoint" ;;
  *,AccessDenied) hint="$code: is this host registered under the name '$host'? (S3 answers so for what is not there, too)" ;;
  *) hint="HTTP $s3_status${code:+ $code}" ;;
  esac
  printf '%s: %s' "$1" "$hint"
}

# curl 7.88 is the first known to sign S3 requests right (Debian 12 has it). The version is remembered until a request fails.
curl_signs() {
  case $signer in
  curl) return 0 ;;
  openssl) return 1 ;;
  esac
  [ -n "${curl_version-}" ] || read -r curl_version 2>/dev/null <"$state/curl-version" || :
  case ${curl_version-} in
  [0-9]*\ [0-9]*) ;;
  *) ask_curl_version ;;
  esac
  [ "${curl_version% *}" -gt 7 ] || { [ "${curl_version% *}" -eq 7 ] && [ "${curl_version#* }" -ge 88 ]; }
}

ask_curl_version() {
  curl_version=$(curl --version | sed -n '1s/^curl \([0-9]\{1,3\}\)\.\([0-9]\{1,3\}\).*/\1 \2/p')
  [ ! -d "$state" ] || printf '%s\n' "$curl_version" 2>/dev/null >"$state/curl-version" || :
}
