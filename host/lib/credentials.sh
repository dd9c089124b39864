# shellcheck shell=sh
# The access key: from the configuration, the environment, or where the host has a role of its own, its instance's metadata.

get_credentials() {
  if [ -n "$secret_access_key" ]; then
    return 0
  elif [ -n "${AWS_SECRET_ACCESS_KEY-}" ]; then
    access_key_id=${AWS_ACCESS_KEY_ID-} secret_access_key=$AWS_SECRET_ACCESS_KEY session_token=${AWS_SESSION_TOKEN-}
  else
    return 1
  fi
}
