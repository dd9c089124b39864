# Networks as numbers that need no arithmetic beyond a digit: an address is a string of hex digits, 8 or 32 of them.
# Plain POSIX awk (mawk, gawk, busybox): no intervals in patterns, no bit operations. A list may have 100,000 of them.

BEGIN { for (i = 0; i < 256; i++) octet_hex[i ""] = sprintf("%02x", i) }

# read_network(text): sets net_family (4, 6), net_hex, net_prefix and returns 1; returns 0 where text is no network in
# canonical form (RFC 5952 for IPv6; no prefix on a single address; host bits zero).
function read_network(text) {
  if (!parse_network(text) || !host_bits_zero()) return 0
  return net_family == 4 ? net_prefix < 32 || !index(text, "/") : text == network_text()
}

# parse_network(text): as read_network, for what an administrator typed: any valid form, host bits as they come.
function parse_network(text,   cut, address) {
  cut = index(text, "/")
  address = cut ? substr(text, 1, cut - 1) : text
  net_family = index(address, ":") ? 6 : 4
  net_width = net_family == 4 ? 32 : 128
  net_prefix = net_width
  if (cut) {
    net_prefix = substr(text, cut + 1)
    if (net_prefix !~ /^[1-9][0-9]?[0-9]?$/ || net_prefix + 0 > net_width) return 0
    net_prefix += 0
  }
  return net_family == 4 ? parse4(address) : parse6(address)
}

# There is one form of an IPv4 address: octets that are in the table.
function parse4(address,   octet, i) {
  if (split(address, octet, ".") != 4) return 0
  for (i = 1; i <= 4; i++) if (!(octet[i] in octet_hex)) return 0
  net_hex = octet_hex[octet[1]] octet_hex[octet[2]] octet_hex[octet[3]] octet_hex[octet[4]]
  return 1
}

# Sets net_group[1..8], without leading zeros, too.
function parse6(address,   left, right, cut, before, after, count, i) {
  if (address !~ /^[0-9a-fA-F:]+$/) return 0
  address = tolower(address)
  cut = index(address, "::")
  left = cut ? substr(address, 1, cut - 1) : address
  right = cut ? substr(address, cut + 2) : ""
  before = left == "" ? 0 : split(left, net_left, ":")
  after = right == "" ? 0 : split(right, net_right, ":")
  count = before + after
  if (cut ? count > 7 : count != 8) return 0
  net_hex = ""
  for (i = 1; i <= 8; i++) {
    net_group[i] = i <= before ? net_left[i] : i > 8 - after ? net_right[i - 8 + after] : "0"
    if (net_group[i] !~ /^[0-9a-f][0-9a-f]?[0-9a-f]?[0-9a-f]?$/) return 0
    net_hex = net_hex substr("000" net_group[i], length(net_group[i]))
    if (net_group[i] ~ /^0./) {
      sub(/^0+/, "", net_group[i])
      if (net_group[i] == "") net_group[i] = "0"
    }
  }
  return 1
}

# network_text(): the canonical text of the network that was read last.
function network_text(   address) {
  address = net_family == 4 ? text4() : text6()
  return net_prefix == net_width ? address : address "/" net_prefix
}

function text4() {
  return digit(1) * 16 + digit(2) "." digit(3) * 16 + digit(4) "." digit(5) * 16 + digit(6) "." digit(7) * 16 + digit(8)
}

function digit(position) {
  return index("0123456789abcdef", substr(net_hex, position, 1)) - 1
}

# RFC 5952: the longest run of two or more zero groups, the first of equals, becomes "::".
function text6(   i, run, longest, at, text) {
  run = longest = at = 0
  for (i = 1; i <= 8; i++) {
    run = net_group[i] == "0" ? run + 1 : 0
    if (run > 1 && run > longest) {
      longest = run
      at = i - run + 1
    }
  }
  text = ""
  for (i = 1; i <= 8; i++) {
    if (i == at) {
      text = text "::"
      i += longest - 1
    } else text = text (i == 1 || i == at + longest && at ? "" : ":") net_group[i]
  }
  return text
}

function host_bits_zero() {
  return net_prefix == net_width || network_bits(net_prefix) substr("0000000000000000000000000000000", 1, \
    net_width / 4 - int((net_prefix + 3) / 4)) == net_hex
}

# network_bits(prefix): the first prefix bits of net_hex as hex digits, the last digit filled up with zero bits.
function network_bits(prefix,   whole, bits, last) {
  whole = int(prefix / 4)
  bits = prefix % 4
  if (!bits) return substr(net_hex, 1, whole)
  last = digit(whole + 1)
  last -= last % (bits == 1 ? 8 : bits == 2 ? 4 : 2)
  return substr(net_hex, 1, whole) substr("0123456789abcdef", last + 1, 1)
}

# number4(hex): the IPv4 address that eight hex digits tell, as a number.
function number4(hex,   number, i) {
  number = 0
  for (i = 1; i <= 8; i++) number = number * 16 + index("0123456789abcdef", substr(hex, i, 1)) - 1
  return number
}

# last_hex(): the last address of the network that was read, as hex digits.
function last_hex(   bits, bit) {
  if (net_prefix == net_width) return net_hex
  bits = network_bits(net_prefix)
  bit = net_prefix % 4
  if (bit) bits = substr(bits, 1, length(bits) - 1) \
    substr("0123456789abcdef", index("0123456789abcdef", substr(bits, length(bits))) + (bit == 1 ? 7 : bit == 2 ? 3 : 1), 1)
  return substr(bits "fffffffffffffffffffffffffffffff", 1, net_width / 4)
}

# wider_text(prefix): the canonical text of the network of that length in which the one that was read lies.
function wider_text(prefix,   hex, length_before, text, i) {
  hex = net_hex
  length_before = net_prefix
  net_hex = substr(network_bits(prefix) "0000000000000000000000000000000", 1, net_width / 4)
  net_prefix = prefix
  if (net_family == 6) for (i = 1; i <= 8; i++) {
    net_group[i] = substr(net_hex, i * 4 - 3, 4)
    sub(/^0+/, "", net_group[i])
    if (net_group[i] == "") net_group[i] = "0"
  }
  text = network_text()
  net_hex = hex
  net_prefix = length_before
  return text
}
