# Makes a list of an older one (variable `old`: its file) and a delta: lines "=N", the next N lines of the old list; "-N", leave out
# the next N; any other, a new line. Exit 1 where the old list ends too early or a line is none of these; what is in the new lines
# is not looked at here: the list's SHA-256 is in the manifest.

/^[=-][1-9][0-9]*$/ && length($0) <= 10 {
  keeps = /^=/
  for (left = substr($0, 2); left > 0; left--) {
    if ((getline line < old) <= 0) exit 1
    if (keeps) print line
  }
  next
}

/^[0-9a-f]/ {
  print
  next
}

{ exit 1 }
