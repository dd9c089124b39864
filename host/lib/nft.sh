# shellcheck shell=sh
# The kernel by nft, in a table of its own at priority raw, where there is no ipset (RHEL 9, Debian 13 as installed).
