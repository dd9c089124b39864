# Prints "FAMILY ADDRESS" in canonical form for a line that is one address, in whatever valid form; exit 1 otherwise.
{
  ok = NR == 1 && parse_network($0) && net_prefix == net_width
  if (ok) print net_family " " network_text()
}
END { exit !ok }
