#!/bin/sh
# SPDX-License-Identifier: MPL-2.0
# grep, egrep, fgrep: options, expressions, statuses, files and folders.
d=$(mktemp -d) && cd "$d" || exit 1
printf 'Apple\nbanana\ncherry\napricot\n\nblue berry\n' > f; mkdir d; echo banana > d/x; echo none > d/y
grep an f; grep -i a f; grep -v a f; grep -c a f; grep -n b f; grep -o 'an' f; grep -x banana f; grep -w blue f; grep '^a' f; grep 'y$' f; grep -n '^$' f
grep -E 'a(p|n)' f; egrep 'b.*b' f; grep -E '(an){2}' f; grep -E '^.{5}$' f; fgrep . f; echo "status $?"; grep -F a f; grep '[[:upper:]]' f; grep 'r\{2\}' f; grep -e apple -e cherry f
grep -r banana . | sort; grep -rl banana d; grep -L banana d/* ; grep -l banana d/* f; grep -h banana d/x f; grep banana f d/x; grep -q banana f; echo "status $?"; grep zzz f; echo "status $?"; grep x none; echo "status $?"; grep -s x none; echo "status $?"
grep -A 1 banana f; grep -B 1 cherry f; grep -C 1 cherry f; grep -m 1 a f; printf 'pat\n' > p; printf 'a pat here\n' | grep -f p; printf 'x\0y\n' | grep -c y; echo 'a+b' | grep 'a+b'; echo 'aab' | grep -o 'a*'
seq 1000 | grep -c 7; seq 100 | grep -E '^(.)\1$'; echo test | grep -E '\bte'; ps | grep -q 'no such thing [x]'; echo "status $?"
cd /; rm -rf "$d"
