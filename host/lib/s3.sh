# shellcheck shell=sh
# Requests to S3 by curl. Nothing secret is an argument: curl reads its options from stdin.

# s3 METHOD BUCKET KEY QUERY: sends one request. Header lines ("name: value", names in lower case) come on stdin; the body is
# the file $s3_body, where set; at most $s3_limit bytes of the answer go to $tmp/answer.
# Sets s3_status (000: no answer) and leaves the answer's headers in $tmp/answer-headers.
# KEY and QUERY must be encoded already; QUERY's parameters sorted: curl before 8.3 does not see to either.
s3() {
  s3_url "$2" "$3"
  cat >"$tmp/headers"
  hash=$(sha256 <"${s3_body:-/dev/null}")
  echo "x-amz-content-sha256: $hash" >>"$tmp/headers"
  [ -z "$session_token" ] || echo "x-amz-security-token: $session_token" >>"$tmp/headers"
  curl_signs || s3_sign_headers "$1" "$4" "$hash"
  s3_status=$(s3_options "$1" "$url_base$url_path${4:+?$4}" | curl_bounded) || s3_status=000
}

# web_get URL: an unsigned GET, otherwise as s3.
web_get() {
  cat >"$tmp/headers"
  url_base=$1
  s3_status=$({ printf 'url = "%s"\n' "$1" && curl_headers; } | curl_bounded) || s3_status=000
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
  echo "x-amz-date: $stamp" >>"$tmp/headers"
  authorization=$({
    cat "$tmp/headers"
    echo "host: ${url_base#*://}"
  } | sigv4 "$1" "$url_path" "$2" "$3" "$stamp") || return 1
  echo "authorization: $authorization" >>"$tmp/headers"
}

s3_options() {
  if curl_signs; then
    printf 'aws-sigv4 = "aws:amz:%s:s3"\nuser = "%s:%s"\n' "$region" "$access_key_id" "$secret_access_key"
  fi
  printf 'request = "%s"\nurl = "%s"\n' "$1" "$2"
  [ -z "${s3_body-}" ] || printf 'upload-file = "%s"\n' "$s3_body"
  curl_headers
}

curl_headers() {
  sed 's/["\\]/\\&/g; s/.*/header = "&"/' "$tmp/headers"
}

# curl_bounded: curl with options from stdin, in bounded time and space; prints the HTTP status. --max-filesize does not bind
# where the server does not tell the length, so the kernel does: ulimit counts blocks of 512 bytes, and is meant coarsely.
curl_bounded() (
  : >"$tmp/answer"
  ulimit -f $(((${s3_limit:-65536} / 512 + 128) * 2))
  exec curl --disable --config - --globoff --silent --show-error --output "$tmp/answer" --dump-header "$tmp/answer-headers" \
    --write-out '%{http_code}' --connect-timeout 10 --max-time "${s3_seconds:-60}" --speed-limit 100 --speed-time 20 \
    --max-filesize "${s3_limit:-65536}" --proto =http,https --suppress-connect-headers 2>"$tmp/curl-error"
)

# s3_trouble WHAT: one line that says what went wrong and what to do about the usual causes.
s3_trouble() {
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

# curl 7.88 is the first known to sign S3 requests right (Debian 12 has it).
curl_signs() {
  case $signer in
  curl) return 0 ;;
  openssl) return 1 ;;
  esac
  [ -n "${curl_version-}" ] || curl_version=$(curl --version | sed -n '1s/^curl \([0-9]\{1,3\}\)\.\([0-9]\{1,3\}\).*/\1 \2/p')
  [ "${curl_version% *}" -gt 7 ] || { [ "${curl_version% *}" -eq 7 ] && [ "${curl_version#* }" -ge 88 ]; }
}
