# Of each line that tells of a login that worked: its first 19 bytes, tab, the client's address. For sed -n -E in the C locale.
# The program that writes stands first, before anything that a client may have typed; behind what it typed the last place counts.

# Dovecot, up to 2.3 and from 2.4 on
/-login: .*(Login|Logged in): user=</ {
  s/^(.{19})[^<]*-login: (Info: )?(Login|Logged in): user=<.*, rip=([0-9a-fA-F:.]+)(,.*)?$/\1	\4/p
  d
}
# Postfix
/, sasl_username=/ {
  s/^(.{19})[^[]*smtpd\[[0-9]+\]: [0-9A-Za-z]+: client=.*\[([0-9a-fA-F:.]+)\](:[0-9]+)?, sasl_method=.*$/\1	\2/p
  d
}
# Exim
/ <= .* A=/ {
  s/ I=\[[0-9a-fA-F:.]+\](:[0-9]+)?//
  s/^(.{19})[^"]* <= [^"]*H=[^"]*\[([0-9a-fA-F:.]+)\](:[0-9]+)? [^"]*P=(utf8)?(e?s?smtps?a|asmtp) .*A=[A-Za-z0-9_-]+:.*$/\1	\2/p
  d
}
# Courier
/LOGIN, user=/ {
  s/^(.{19})[^,]*: LOGIN, user=.*, ip=\[([0-9a-fA-F:.]+)\](,.*)?$/\1	\2/p
  d
}
# Cyrus
/ser logged in/ {
  s/^(.{19})[^[]*(\[[0-9]+\])?: login: .*\[([0-9a-fA-F:.]+)\] .* [Uu]ser logged in.*$/\1	\3/p
  d
}
# Sendmail
/AUTH=server, relay=/ {
  s/^(.{19})[^=]*: AUTH=server, relay=.*\[([0-9a-fA-F:.]+)\].*, authid=.*$/\1	\2/p
  d
}
