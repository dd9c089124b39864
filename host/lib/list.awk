# Reads blocklist.tsv (network, tab, end in epoch seconds) and prints "4 NETWORK SECONDS" or "6 NETWORK SECONDS" for each ban in
# force. Any line that is not exactly as it should be, or out of order, makes the whole list refused: exit 1 and the reason on
# stderr. Variables: now, networks (lines that the manifest announces), never (a file, sorted, as never.awk makes it), remarks (a
# file, to which go "left-out NETWORK" for one that touches what is never listed, and at the end "kept COUNT4 COUNT6 LONGEST4
# LONGEST6", the networks banned for longest, or "-").
#
# A list may have 100,000 lines: what most of them are (IPv4 addresses; IPv6 addresses and /64 without "::" in them) is told by
# look-ups alone, everything else by address.awk. IPv4 is compared as a number, 64 times the address and the prefix; IPv6 as hex digits.

BEGIN {
  FS = "[.\t]"
  for (i = 0; i < 256; i++) {
    octet1[i ""] = i * 1073741824
    octet2[i ""] = i * 4194304
    octet3[i ""] = i * 16384
    octet4[i ""] = i * 64 + 32
  }
  longest4 = longest6 = "-"
  read_never()
}

NF == 5 && $1 in octet1 && $2 in octet2 && $3 in octet3 && $4 in octet4 {
  text = $1 "." $2 "." $3 "." $4
  order = octet1[$1] + octet2[$2] + octet3[$3] + octet4[$4]
  if (text "\t" $5 != $0) refuse("no canonical network")
  if (order <= previous4 || previous6 != "") refuse("out of order, or twice")
  previous4 = order
  lasts = $5 in seconds ? seconds[$5] : seconds_until($5)
  if (lasts <= 0) next
  if (order >= limit4 && touches4((order - 32) / 64, (order - 32) / 64)) {
    print "left-out " text > remarks
    next
  }
  if (lasts > most4) {
    most4 = lasts
    longest4 = text
  }
  count4++
  print "4 " text " " lasts
  next
}

{
  cut = index($0, "\t")
  text = substr($0, 1, cut - 1)
  if (!cut || !(is_usual6(text) || read_network(text))) refuse("no canonical network")
  lasts = seconds_until(substr($0, cut + 1))
  if (net_prefix < (net_family == 4 ? 8 : 16)) refuse("wider than /8 or /16")
  if (!in_order()) refuse("out of order, or twice")
  if (lasts <= 0) next
  if (net_family == 4 ? touches4(first4, number4(last_hex())) : touches6(net_hex, last_hex())) print "left-out " text > remarks
  else if (net_family == 4) {
    if (lasts > most4) {
      most4 = lasts
      longest4 = text
    }
    count4++
    print "4 " text " " lasts
  } else {
    if (lasts > most6) {
      most6 = lasts
      longest6 = text
    }
    count6++
    print "6 " text " " lasts
  }
}

END {
  if (!refused && NR != networks) refuse(NR " lines where the manifest says " networks)
  print "kept " count4 + 0 " " count6 + 0 " " longest4 " " longest6 > remarks
  exit refused
}

function refuse(reason) {
  print "line " NR ": " reason > "/dev/stderr"
  refused = 1
  exit 1
}

# seconds_until(text): how long a ban lasts; 0 where it has ended. There are few different ends, as bans end with an hour.
function seconds_until(text,   lasts) {
  if (text in seconds) return seconds[text]
  if (text !~ /^[1-9][0-9]*$/ || length(text) > 12) refuse("no end in epoch seconds")
  lasts = text - now
  if (lasts < 0) lasts = 0
  if (lasts > 2147483) lasts = 2147483 # the kernel's longest timeout
  if (known_ends++ < 10000) seconds[text] = lasts
  return lasts
}

# in_order(): whether the network that was read comes after all before it.
function in_order(   order) {
  if (net_family == 4) {
    first4 = number4(net_hex)
    order = first4 * 64 + net_prefix
    if (order <= previous4 || previous6 != "") return 0
    previous4 = order
  } else {
    order = net_hex (net_prefix + 100)
    if (order <= previous6) return 0
    previous6 = order
  }
  return 1
}

# is_usual6(text): as read_network, for the IPv6 networks that lists are made of; 0 says nothing: ask read_network.
function is_usual6(text,   count, i) {
  count = split(text, net_group, ":")
  if (count == 6 ? net_group[5] != "" || net_group[6] != "/64" || net_group[4] == "0" : count != 8 || index(text, ":0:0")) return 0
  if (net_group[1] == "0" || count == 8 && net_group[8] == "0") return 0
  net_hex = ""
  count = count == 6 ? 4 : 8
  for (i = 1; i <= count; i++) {
    if (!(net_group[i] in group_hex) && !is_group(net_group[i])) return 0
    net_hex = net_hex group_hex[net_group[i]]
  }
  net_family = 6
  net_width = 128
  net_prefix = count * 16
  if (count == 4) net_hex = net_hex "0000000000000000"
  return 1
}

function is_group(text) {
  if (text !~ /^[1-9a-f][0-9a-f]?[0-9a-f]?[0-9a-f]?$/ && text != "0") return 0
  group_hex[text] = substr("000" text, length(text))
  return 1
}

# read_never(): the ranges in order, those that overlap as one.
function read_never(   line, range, is_whole) {
  while ((getline line < never) > 0) {
    split(line, range, " ")
    if (range[1] == 4 && count_never4 && range[2] + 0 <= last_never4[count_never4]) {
      if (range[3] + 0 > last_never4[count_never4]) last_never4[count_never4] = range[3] + 0
    } else if (range[1] == 4) {
      first_never4[++count_never4] = range[2] + 0
      last_never4[count_never4] = range[3] + 0
    } else if (range[1] == 6 && count_never6 && range[2] "" <= last_never6[count_never6]) {
      if (range[3] "" > last_never6[count_never6]) last_never6[count_never6] = range[3] ""
    } else if (range[1] == 6) {
      first_never6[++count_never6] = range[2] ""
      last_never6[count_never6] = range[3] ""
    } else is_whole = line == "9"
  }
  if (!is_whole) refuse("it is not known whom this host must never ban: is the disk full?")
  at4 = at6 = 1
  limit4 = 0
}

# touches4(first, last): whether what is never listed has an address in common with these. The list is in order: nobody goes back.
# limit4: below it, in numbers as `order`, no single address touches.
function touches4(first, last) {
  while (at4 <= count_never4 && last_never4[at4] < first) at4++
  limit4 = at4 <= count_never4 ? first_never4[at4] * 64 : 274877906944
  return at4 <= count_never4 && first_never4[at4] <= last
}

function touches6(first, last) {
  while (at6 <= count_never6 && last_never6[at6] < first) at6++
  return at6 <= count_never6 && first_never6[at6] <= last
}
