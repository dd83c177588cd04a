#!/bin/sh
# SPDX-License-Identifier: MPL-2.0
# ash: here-documents and here-strings in all kinds: quoting, tabs, expansions, in loops and functions, large ones.
d=$(mktemp -d) && cd "$d" || exit 1
x=value; cat <<A
plain $x $((1 + 2)) $(echo command) \$x `echo old`
A
cat <<'A'
quoted $x $((1 + 2)) $(echo command)
A
cat <<-A
	tabs	are
		stripped
	A
cat <<A; cat <<B
first
A
second
B
cat <<A | tr a-z A-Z
through a pipe
A
while read l; do echo "[$l]"; done <<A
one
two words
  indented
A
f() { cat <<A
in a function: $1
A
}; f arg; cat - <<A
"quotes" 'stay' \\ back
A
sh <<'A'
echo "a script on stdin $0"
read y
this line was read
echo "y=$y"
A
cat <<A$x
delimiter A$x is literal
A$x
cat 3<<A <&3
on descriptor three
A
cat <<A
empty follows
A
cat <<A
A
x=$(cat <<A
captured
  $x
A
); echo "$x"; if cat <<A > out; then cat out; fi
redirected
A
i=0; { while [ $i -lt 5000 ]; do echo "line $i of a long document with some text"; i=$((i+1)); done; } > big; { echo 'cat <<EOT'; cat big; echo EOT; } > script; sh script | md5sum; md5sum < big
cat <<"A B"
a delimiter with a space
A B
echo "$(cat <<A
nested $(cat <<B
inner
B
)
A
)"; cat <<A
${undefined:-default} ${x#cap} ${#x}
A
cd /; rm -rf "$d"
