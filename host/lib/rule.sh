# shellcheck shell=sh
# The rule that uses the sets of ipset.sh, one a family. firewalld is not asked to put it: `firewall-cmd --reload` takes its own direct
# rules away as it does this one, and one that was made permanent names a set that is not there at boot: then firewalld starts without
# any of its configuration. What it takes away, the next poll puts again.

# choose_tables FAMILY: sets tables to the family's iptables.
choose_tables() {
  if [ "$1" = 4 ]; then tables=iptables; else tables=ip6tables; fi
}

# ipset_rules FAMILY: sets rules to ours, a line each, as iptables -S -v prints them.
ipset_rules() {
  choose_tables "$1"
  rules=$("$tables" -w -t raw -S PREROUTING -v 2>/dev/null) || rules=
  case $rules in
  *"$newline"*"$newline"*) rules=$(printf '%s\n' "$rules" | grep -F -- "--match-set fleetban$1 src") || rules= ;;
  *"--match-set fleetban$1 src"*) rules=${rules#*"$newline"} ;; # the only one, behind the policy: nearly always
  *) rules= ;;
  esac
}

# ipset_rule_stands: whether there is one rule, as it was put for what is configured now. Sets packets4 and packets6.
ipset_rule_stands() {
  packets4='' packets6=''
  for family in $families; do
    { read -r put_for && IFS= read -r put; } 2>/dev/null <"$lists/rule$family" || return 1
    ipset_rules "$family"
    split_counter "$rules"
    [ "$put_for" = "$mode $port_list" ] && [ "$put" = "$rule" ] || return 1
    if [ "$family" = 4 ]; then packets4=$packets; else packets6=$packets; fi
  done
}

# split_counter RULE: sets rule to it without what it has counted, and packets to that.
split_counter() {
  rule=$1 packets=
  case $1 in *' -c '*) ;; *) return 0 ;; esac
  rest=${1#*' -c '}
  packets=${rest%% *} rest=${rest#* }
  rule=${1%%' -c '*}${rest#"${rest%%[!0-9]*}"}
}

# ipset_rule: the rule stands once and as configured. The new one goes in before an old one goes.
ipset_rule() {
  ! ipset_rule_stands || return 0
  for family in $families; do
    ipset_rules "$family"
    printf '%s\n' "$rules" >"$tmp/old-rules" || return 1
    set -- -p tcp -m multiport --dports "$port_list" -m set --match-set "fleetban$family" src
    [ "$mode" = observe ] || set -- "$@" -j DROP
    "$tables" -w -t raw -I PREROUTING "$@" 2>"$tmp/kernel-error" || {
      say "$tables: $(printable <"$tmp/kernel-error")"
      return 1
    }
    delete_rules "$family" <"$tmp/old-rules"
    ipset_rules "$family"
    split_counter "$rules"
    printf '%s\n%s\n' "$mode $port_list" "$rule" >"$lists/rule$family" || return 1
  done
}

# delete_rules FAMILY: the rules on stdin. -D takes away the first that matches; where it equals the one just put first,
# that is the same rule, and one of the two remains.
delete_rules() {
  choose_tables "$1"
  set -f
  while read -r line; do
    split_counter "$line"
    # shellcheck disable=SC2086 # a rule is words
    [ -z "$rule" ] || "$tables" -w -t raw -D ${rule#-A } 2>/dev/null || :
  done
  set +f
}
