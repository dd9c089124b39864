# shellcheck shell=sh
# What journalctl is asked for.

# matches_of WORDS: what journalctl is asked for. `mail` is syslog's facility (RFC 5424: 2), a name with a dot a unit, any other a program.
matches_of() {
  matches=
  for word in $1; do
    case $word in
    mail) match=SYSLOG_FACILITY=2 ;;
    *.*) match=_SYSTEMD_UNIT=$word ;;
    *) match=SYSLOG_IDENTIFIER=$word ;;
    esac
    matches="$matches${matches:+ + }$match"
  done
  printf '%s\n' "$matches"
}
