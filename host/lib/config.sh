# shellcheck shell=sh
# The configuration: lines `key = value`. It is read, never run; only credential-process names a program that is.

# read_config FILE: sets a variable for each key, then checks what others are built from.
read_config() {
  config_defaults
  [ -r "$1" ] || misuse "$1: cannot be read; copy fleetban.conf there, or name another with --config"
  config_line=0
  while IFS= read -r line || [ -n "$line" ]; do
    config_line=$((config_line + 1))
    trim "$line"
    case $trimmed in
    '' | '#'*) ;;
    *=*) config_set "$1:$config_line" "$trimmed" ;;
    *) misuse "$1:$config_line: not of the form key = value" ;;
    esac
  done <"$1"
  check_config "$1"
}

# shellcheck disable=SC2034 # ship and apply read them
config_defaults() {
  read -r host 2>/dev/null </proc/sys/kernel/hostname || host=$(uname -n)
  endpoint='' region=us-east-1 logs_bucket='' lists_bucket='' lists_url='' ca_file=''
  access_key_id='' secret_access_key='' session_token='' credential_process=''
  logs='' journal='' spool_bytes=33554432 only_logins=no time_zone='' ship_bytes=65536 ship_after=300 signer=auto
  mode=observe backend=auto ports='110 143 465 587 993 995 4190'
  keys=/etc/fleetban/keys.d never=/etc/fleetban/never state=/var/lib/fleetban metrics=auto
}

# shellcheck disable=SC2034
config_set() {
  trim "${2%%=*}" && key=$trimmed
  trim "${2#*=}" && value=$trimmed
  case $key in
  host) host=$value ;;
  endpoint) endpoint=${value%/} ;;
  region) region=$value ;;
  logs-bucket) logs_bucket=$value ;;
  lists-bucket) lists_bucket=$value ;;
  lists-url) lists_url=${value%/} ;;
  ca-file) ca_file=$value ;;
  access-key-id) access_key_id=$value ;;
  secret-access-key) secret_access_key=$value ;;
  session-token) session_token=$value ;;
  credential-process) credential_process=$value ;;
  log) logs="$logs $value" ;; # may stand several times
  journal) journal="$journal $value" ;; # may stand several times
  spool-bytes) spool_bytes=$value ;;
  only-logins) only_logins=$value ;;
  time-zone) time_zone=$value ;;
  ship-bytes) ship_bytes=$value ;;
  ship-after) ship_after=$value ;;
  signer) signer=$value ;;
  mode) mode=$value ;;
  backend) backend=$value ;;
  ports) ports=$value ;;
  keys) keys=${value%/} ;;
  never) never=$value ;;
  state) state=${value%/} ;;
  metrics) metrics=${value%/} ;;
  *) misuse "$1: unknown key '$key'" ;;
  esac
}

# The values end up in URLs, headers and curl's configuration: only what needs no quoting there is taken.
check_config() {
  case $host in [!A-Za-z0-9]* | '' | *[!A-Za-z0-9._-]*) misuse "$1: host '$host' must be letters, digits, '.', '_' and '-', the first a letter or digit" ;; esac
  case $endpoint in
  '' | http://?* | https://?*) ;;
  *) misuse "$1: endpoint '$endpoint' does not begin with https:// or http://" ;;
  esac
  case $lists_url in
  '' | http://?* | https://?*) ;;
  *) misuse "$1: lists-url '$lists_url' does not begin with https:// or http://" ;;
  esac
  for value in "$endpoint" "$lists_url" "$region" "$logs_bucket" "$lists_bucket" "$access_key_id" "$secret_access_key" \
    "$session_token" "$time_zone" "$ca_file"; do
    case $value in *[!][A-Za-z0-9._:/+=@%~-]*) misuse "$1: a value holds a character that has no place there" ;; esac
  done
  [ -z "$ca_file" ] || [ -r "$ca_file" ] || misuse "$1: ca-file '$ca_file' cannot be read"
  case $credential_process in
  '') ;;
  /*) [ -x "$credential_process" ] || misuse "$1: credential-process '$credential_process' is no program" ;;
  *) misuse "$1: credential-process must be the absolute path of a program, without arguments" ;;
  esac
  is_number "$ship_bytes" || misuse "$1: ship-bytes '$ship_bytes' is no number"
  case $journal in *[!A-Za-z0-9._@/:' '-]*) misuse "$1: journal '$journal' holds a character that has no place there" ;; esac
  is_number "$spool_bytes" || misuse "$1: spool-bytes '$spool_bytes' is no number"
  [ "$spool_bytes" -ge 1048576 ] || misuse "$1: spool-bytes '$spool_bytes' is less than 1048576"
  case $only_logins in yes | no) ;; *) misuse "$1: only-logins '$only_logins' is neither yes nor no" ;; esac
  is_number "$ship_after" || misuse "$1: ship-after '$ship_after' is no number of seconds"
  case $mode in observe | enforce) ;; *) misuse "$1: mode '$mode' is neither observe nor enforce" ;; esac
  case $backend in auto | ipset | nft) ;; *) misuse "$1: backend '$backend' is none of auto, ipset, nft" ;; esac
  case $signer in auto | curl | openssl) ;; *) misuse "$1: signer '$signer' is none of auto, curl, openssl" ;; esac
  case $state in
  *[!A-Za-z0-9._/+-]*) misuse "$1: state '$state' holds a character that has no place there" ;;
  /?*) ;;
  *) misuse "$1: state '$state' is no absolute path" ;;
  esac
  case $metrics in
  auto | none) ;;
  *[!A-Za-z0-9._/+-]*) misuse "$1: metrics '$metrics' holds a character that has no place there" ;;
  /?*) ;;
  *) misuse "$1: metrics '$metrics' is neither auto nor none nor an absolute path" ;;
  esac
  check_ports "$1"
}

# check_ports: sets $port_list, with commas. iptables' multiport match takes 15. The administrator's way in is never closed.
check_ports() {
  port_count=0 port_list=''
  for port in $ports; do
    case $port in
    22) misuse "$1: port 22 is never closed: take it out of ports" ;;
    0* | *[!0-9]* | ??????*) misuse "$1: '$port' in ports is no port" ;;
    esac
    [ "$port" -le 65535 ] || misuse "$1: '$port' in ports is no port"
    port_count=$((port_count + 1)) port_list=$port_list,$port
  done
  port_list=${port_list#,}
  case $port_count in 0 | 1[6-9] | [2-9][0-9] | ???*) misuse "$1: ports must name 1 to 15 ports" ;; esac
}

# check_secrecy FILE: a secret that every user of the host can read is said, not refused: the logs matter more.
check_secrecy() {
  [ -n "$secret_access_key" ] || return 0
  case $(ls -ldL "$1") in
  ???????r??*) say_once secrecy "$1 holds a secret and everybody may read it: chmod 600 $1" ;;
  esac
}

# trim TEXT: sets $trimmed to TEXT without blanks around it.
trim() {
  trimmed=${1#"${1%%[![:space:]]*}"}
  trimmed=${trimmed%"${trimmed##*[![:space:]]}"}
}
