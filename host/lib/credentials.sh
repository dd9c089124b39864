# shellcheck shell=sh
# The access key: of the configuration, the environment, a program that gives one, or the role of the EC2 instance.

# get_credentials: sets access_key_id, secret_access_key and session_token; fails where there are none.
get_credentials() {
  if [ -n "$secret_access_key" ]; then
    return 0
  elif [ -n "${AWS_SECRET_ACCESS_KEY-}" ]; then
    access_key_id=${AWS_ACCESS_KEY_ID-} secret_access_key=$AWS_SECRET_ACCESS_KEY session_token=${AWS_SESSION_TOKEN-}
  elif [ -n "$credential_process" ]; then
    "$credential_process" >"$tmp/credentials" || return 1
    read_credentials SessionToken
  else
    instance_credentials && read_credentials Token
  fi
  case $access_key_id$secret_access_key$session_token in
  '' | *[!A-Za-z0-9+/=_.~-]*) return 1 ;;
  esac
}

# instance_credentials: IMDSv2. No proxy: the address is the instance's own.
# https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html
instance_credentials() {
  metadata=${AWS_EC2_METADATA_SERVICE_ENDPOINT:-http://169.254.169.254}
  roles=latest/meta-data/iam/security-credentials
  token=$(ask_instance PUT latest/api/token 'x-aws-ec2-metadata-token-ttl-seconds: 300') || return 1
  role=$(ask_instance GET "$roles/" "x-aws-ec2-metadata-token: $token" | head -n 1) || return 1
  case $role in '' | *[!A-Za-z0-9+=,.@_-]*) return 1 ;; esac
  ask_instance GET "$roles/$role" "x-aws-ec2-metadata-token: $token" >"$tmp/credentials"
}

ask_instance() {
  printf 'request = "%s"\nurl = "%s/%s"\nheader = "%s"\n' "$1" "$metadata" "$2" "$3" |
    curl --disable --config - --silent --fail --noproxy '*' --connect-timeout 2 --max-time 5 --max-filesize 65536 2>/dev/null
}

# read_credentials TOKEN_NAME: from the JSON that both sources give; the file goes at once.
read_credentials() {
  tr -d '\n' <"$tmp/credentials" >"$tmp/credentials.line"
  access_key_id=$(credential AccessKeyId)
  secret_access_key=$(credential SecretAccessKey)
  session_token=$(credential "$1")
  rm -f "$tmp/credentials" "$tmp/credentials.line"
}

credential() {
  sed -n "s/.*\"$1\"[[:space:]]*:[[:space:]]*\"\([^\"\\\\]*\)\".*/\1/p" "$tmp/credentials.line"
}
