# shellcheck shell=sh
# AWS Signature Version 4 with openssl alone, for curl below 7.88 (RHEL 8: 7.61, RHEL 9: 7.76), which cannot sign S3 requests.
# https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
#
# `openssl dgst -hmac KEY` and `-macopt hexkey:KEY` would show the key to everybody in ps. So the HMAC is made of two
# plain digests (RFC 2104), and the key goes only through variables and printf, which dash, bash and busybox have built in.

# sigv4 METHOD PATH QUERY HASH STAMP: reads "name: value" header lines on stdin, names in lower case; prints the value of
# the Authorization header over all of them. PATH and QUERY are encoded as sent; QUERY's parameters sorted. STAMP: 20261124T030000Z.
sigv4() {
  headers=$(sort -t: -k1,1)
  signed=$(printf '%s\n' "$headers" | cut -d: -f1 | tr '\n' ';')
  signed=${signed%;}
  canonical=$(printf '%s\n%s\n%s\n' "$1" "$2" "$3" && printf '%s\n' "$headers" | sed 's/: */:/' && printf '\n%s\n%s' "$signed" "$4")
  day=${5%T*}
  scope=$day/$region/s3/aws4_request
  key=$(printf 'AWS4%s' "$secret_access_key" | hex)
  for part in "$day" "$region" s3 aws4_request; do
    key=$(printf '%s' "$part" | hmac "$key")
  done
  signature=$(printf 'AWS4-HMAC-SHA256\n%s\n%s\n%s' "$5" "$scope" "$(printf '%s' "$canonical" | sha256)" | hmac "$key")
  printf 'AWS4-HMAC-SHA256 Credential=%s/%s,SignedHeaders=%s,Signature=%s\n' "$access_key_id" "$scope" "$signed" "$signature"
}

# hmac KEY: HMAC-SHA256 of stdin; KEY and the result are hex.
hmac() {
  mac_key=$1
  [ ${#mac_key} -le 128 ] || mac_key=$(octets "$mac_key" 0 | sha256) # longer than a block: its digest (RFC 2104)
  while [ ${#mac_key} -lt 128 ]; do mac_key=${mac_key}00; done
  {
    octets "$mac_key" 92
    {
      octets "$mac_key" 54
      cat
    } | openssl dgst -sha256 -binary
  } | sha256
}

# octets HEX MASK: the bytes that HEX names, each XOR MASK.
octets() {
  rest=$1 escapes=
  while [ -n "$rest" ]; do
    octet=$((0x${rest%"${rest#??}"} ^ $2))
    rest=${rest#??}
    escapes=$escapes\\$((octet / 64))$((octet / 8 % 8))$((octet % 8))
  done
  # shellcheck disable=SC2059 # three octal digits each, nothing else
  printf "$escapes"
}

hex() {
  od -An -v -tx1 | tr -d ' \n'
}
