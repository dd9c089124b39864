# shellcheck shell=sh
# only-logins: lines that no login event can come from leave this host as underscores, of the same length: so offsets stay those of
# the whole log, and nobody's correspondence goes along. Which lines may tell of a login, logins.sed knows.

# without_correspondence START: stdin is a segment that begins at byte START of its log. Two lines stay whatever they hold: a
# log's first line, by which it is known, and a segment's last, by which it is seen that another copy of the log goes on alike.
without_correspondence() {
  if [ "$1" -eq 0 ]; then
    sed -E -e 1b -e "\$b" -f "$lib/logins.sed"
  else
    sed -E -e "\$b" -f "$lib/logins.sed"
  fi
}

# hides_logins: whether lines of $log cannot be judged one by one: an entry of a journal export is several.
hides_logins() {
  case $(head -c 9 "$tmp/first-line" | tr -d '\000') in
  __CURSOR=) say_once "export-$fingerprint" "$log: a journal export cannot be shipped with only-logins; journal = … can: left out" ;;
  *) return 1 ;;
  esac
}
