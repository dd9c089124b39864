# Who is never listed, as ranges. Reads a network a line; prints "4 FIRST LAST" (decimal, ten digits) or "6 FIRST LAST" (32 hex
# digits), for `sort`, and at the end "9": without that line somebody would be missing. To the file `remarks` go "not-understood
# LINE" for those that are no network.

BEGIN {
  # Never on the list of a central server either; a host does not rely on that: its own network would be gone.
  count = split("0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.168.0.0/16 224.0.0.0/3" \
    " ::/3 4000::/2 8000::/1", special, " ") # IPv6: all but global unicast, 2000::/3
  for (i = 1; i <= count; i++) print_range(special[i])
}

$0 != "" && !print_range($0) { print "not-understood " $0 > remarks }

END { print 9 }

function print_range(text,   first) {
  if (!parse_network(text)) return 0
  first = substr(network_bits(net_prefix) "0000000000000000000000000000000", 1, net_width / 4)
  if (net_family == 4) printf "4 %010.0f %010.0f\n", number4(first), number4(last_hex())
  else print "6 " first " " last_hex()
  return 1
}
