#!/bin/sh
# SPDX-License-Identifier: MPL-2.0
# awk: fields, patterns, arrays, functions, printf, getline, pipes, a few small programs.
d=$(mktemp -d) && cd "$d" || exit 1
printf 'ann 30 5.5\nbob 25 7.25\ncid 35 1.125\n' > f
awk '{print $2, $1}' f; awk '{s += $2} END {print s, s / NR}' f; awk '$2 > 26' f; awk 'NR == 2 {print NF, $NF}' f; awk -F: '{print $1}' /etc/passwd | head -n 1
awk 'BEGIN {OFS = "-"} {$1 = $1; print}' f; awk '/b/ {print FNR ": " $0}' f; awk '{n[$1] = $2} END {print n["ann"] + n["cid"], length(n)}' f; awk 'BEGIN {for (i = 0; i < 3; i++) printf "%d ", i; print ""}'
awk '{printf "%-5s|%5.2f|%03d\n", $1, $3, $2}' f; awk 'BEGIN {print length("hello"), substr("hello", 2, 3), index("hello", "l"), toupper("abc"), tolower("ABC")}'
awk 'BEGIN {s = "a,b,c"; n = split(s, x, ","); print n, x[1], x[3]; gsub(/,/, ";", s); print s; sub(/;/, "", s); print s; print match("foobar", /o+/), RSTART, RLENGTH}'
awk 'function f(n) {return n < 2 ? n : f(n - 1) + f(n - 2)} BEGIN {print f(18)}'
awk 'BEGIN {while ((getline line < "f") > 0) n++; print n; "echo from a command" | getline x; print x; print "z\ny\nx" | "sort"; close("sort"); print "end"}'
awk 'BEGIN {print 7 % 3, 2 ^ 10, int(3.9), sqrt(16), exp(0), -5 % 3, 1e3, 0.1 + 0.2, 1 / 3, 10 / 4}' ; awk 'BEGIN {print 1 == 1.0, "a" < "b", "10" < "9", 10 < 9, !0, 1 && 0, 1 || 0}'
awk -v x=5 'BEGIN {print x * 2; exit 3}'; echo "status $?"; awk 'BEGIN {print ENVIRON["HOME"], ARGC}' one two; awk 'END {print NR}' f f; awk 'NR == 1, NR == 2' f; awk '{print > $1 ".out"}' f; cat bob.out
awk 'BEGIN {RS = ""} {print NR ": " $1}' <<X
p1 a
p1 b

p2 a
X
seq 1000 | awk '{a[$1 % 10] += $1} END {for (i = 0; i < 10; i++) print i, a[i]}'
awk 'BEGIN {for (n = 2; n < 60; n++) {p = 1; for (d = 2; d * d <= n; d++) if (n % d == 0) p = 0; if (p) printf n " "} print ""}'
awk 'BEGIN {"bad' 2>/dev/null; echo "status $?"; awk '{print $1' none 2>/dev/null; echo "status $?"; awk '{print}' none; echo "status $?"; awk 'BEGIN {printf "%c%c\n", 65, "xyz"; print substr("abc", 0), substr("abc", 5) "."; delete a; print length(a)}'
cd /; rm -rf "$d"
