# Reads what is never to be listed (first file: a network a line), then blocklist.tsv (network, tab, end in epoch seconds).
# Prints "4 NETWORK SECONDS" or "6 NETWORK SECONDS" for each ban in force. To the file `remarks` go "left-out NETWORK" for one
# that touches what is never listed, and "not-understood LINE" for lines of the first file that are no network. Any line of the
# list that is not exactly as it should be, or out of order, makes the whole list refused: exit 1 and the reason on stderr.
# Variables: now, networks (lines that the manifest announces), never_file (the first file's name), remarks.

BEGIN {
  FS = "\t"
  # Never on the list of a central server either; a host does not rely on that: its own network would be gone.
  count = split("0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.168.0.0/16 224.0.0.0/3" \
    " ::/3 4000::/2 8000::/1", special, " ") # IPv6: all but global unicast, 2000::/3
  for (i = 1; i <= count; i++) never(special[i])
  previous = ""
}

FILENAME == never_file {
  if ($0 != "" && !never($0)) print "not-understood " $0 > remarks
  next
}

{
  lines++
  if (NF != 2 || !read_network($1)) refuse("no canonical network")
  if ($2 !~ /^[1-9][0-9]*$/ || length($2) > 12) refuse("no end in epoch seconds")
  if (net_prefix < (net_family == 4 ? 8 : 16)) refuse("wider than /8 or /16")
  order = net_family net_hex (net_prefix + 100)
  if (order <= previous) refuse("out of order, or twice")
  previous = order
  if ($2 <= now) next
  if (is_never()) print "left-out " $1 > remarks
  else print net_family " " $1 " " ($2 - now > 2147483 ? 2147483 : $2 - now) # the kernel's longest timeout
}

END {
  if (!refused && lines + 0 != networks) refuse(lines + 0 " lines where the manifest says " networks)
  exit refused
}

function refuse(reason) {
  print "line " lines + 0 ": " reason > "/dev/stderr"
  refused = 1
  exit 1
}

# A listed network touches a never-network where it contains it (`around`: all that do, by their own length) or lies
# inside it (`inside`, by the never-network's length): a few look-ups a line instead of a comparison with each.
function never(text,   prefix) {
  if (!parse_network(text)) return 0
  for (prefix = 1; prefix <= net_prefix; prefix++) around[net_family, prefix, network_bits(prefix)]
  inside[net_family, net_prefix, network_bits(net_prefix)]
  if (!((net_family, net_prefix) in seen)) {
    seen[net_family, net_prefix]
    lengths[net_family] = lengths[net_family] " " net_prefix
    if (net_prefix > 16 && net_prefix < net_width) long_lengths[net_family] = long_lengths[net_family] " " net_prefix
  }
  return 1
}

function is_never(   start) {
  if ((net_family, net_prefix, network_bits(net_prefix)) in around) return 1
  if (net_prefix <= 16) return lies_inside(lengths[net_family], 16)
  start = net_family substr(net_hex, 1, 4)
  if (!(start in wide)) wide[start] = lies_inside(lengths[net_family], 16) # the same for all that begin alike
  return wide[start] || long_lengths[net_family] != "" && lies_inside(long_lengths[net_family], 128)
}

# lies_inside(prefixes, most): whether a never-network of such a length, at most `most`, contains the network.
function lies_inside(prefixes, most,   prefix, i) {
  for (i = split(prefixes, prefix, " "); i > 0; i--)
    if (prefix[i] <= most && prefix[i] < net_prefix && (net_family, prefix[i], network_bits(prefix[i])) in inside) return 1
  return 0
}
