# Which logins came from listed networks. Reads "FAMILY NETWORK SECONDS" (first file), then "STAMP<tab>ADDRESS", a line each login,
# oldest first. Prints "COUNT<tab>ADDRESS<tab>NETWORK<tab>STAMP", the last stamp, a line each address.

FNR == NR {
  listed[$2]
  cut = index($2, "/")
  lengths[$1, cut ? substr($2, cut + 1) + 0 : $1 == 4 ? 32 : 128]
  next
}

{
  cut = index($0, "\t")
  address = substr($0, cut + 1)
  if (!(address in network)) network[address] = network_of(address)
  if (network[address] == "") next
  count[address]++
  stamp[address] = substr($0, 1, $0 ~ /^[A-Z]/ ? 15 : 19) # syslog's "Nov 24 03:00:00", or ISO 8601
}

END { for (address in count) print count[address] "\t" canonical[address] "\t" network[address] "\t" stamp[address] }

# network_of(text): the listed network in which the address lies, or "".
function network_of(text,   length_of, part) {
  if (tolower(text) ~ /^::ffff:[0-9.]+$/) text = substr(text, 8)
  if (!parse_network(text)) return ""
  canonical[address] = network_text()
  for (length_of in lengths) {
    split(length_of, part, SUBSEP)
    if (part[1] == net_family && wider_text(part[2] + 0) in listed) return wider_text(part[2] + 0)
  }
  return ""
}
