# nft's interval sets take no network that lies in another. Reads "FAMILY NETWORK SECONDS", sorted, wider before narrower at one
# address; of those with a prefix it prints the ones that lie in none before them. Where one that is left out lasts longer than what
# it lies in, the file reload_file tells in how many seconds the list has to be loaded again (the earliest).
index($2, "/") {
  read_network($2)
  if (net_family == family && net_prefix >= prefix && network_bits(prefix) == bits) {
    if ($3 > seconds && (!reload || seconds < reload)) reload = seconds
    next
  }
  family = net_family
  prefix = net_prefix
  bits = network_bits(net_prefix)
  seconds = $3
  print
}

END { if (reload) print reload > reload_file }
