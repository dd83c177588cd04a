#!/bin/sh
# SPDX-License-Identifier: MPL-2.0
# Text tools: cat, tac, rev, head, tail, wc, nl, cut, paste, tr, fold, expand, unexpand, tee, yes, printf.
d=$(mktemp -d) && cd "$d" || exit 1
printf 'one\ntwo\nthree\nfour\nfive\n' > a
printf '1\n2\n3\n' > b
cat a b; cat -n a | head -n 2; cat -A <<X
tab	here
X
tac a; rev a
head -n 2 a; head -c 6 a; head -n 1 a b; tail -n 2 a; tail -n +4 a; tail -c 5 a
wc a; wc -l a b; wc -c < a; wc -w a; wc -L a
nl a; nl -b a -w 3 b
cut -c 2-3 a; echo 'x:y:z' | cut -d : -f 1,3; echo 'k=v' | cut -d = -f 2; printf 'a b\n' | cut -d ' ' -f 2-
paste a b; paste -s -d , a; paste -d '|' b a
echo 'Hello World' | tr a-z A-Z; echo 'aabbcc' | tr -s b; echo 'a1b2' | tr -d 0-9; echo 'abc' | tr -c 'a\n' x; echo hello | tr '[:lower:]' '[:upper:]'
echo 'the quick brown fox jumps' | fold -w 10; echo 'the quick brown fox' | fold -s -w 10
printf 'a\tb\n' | expand -t 4 | od -c; printf '        x\n' | unexpand | od -c
echo tee | tee x y; cat x y; echo more | tee -a x; cat x
yes no | head -n 3
printf '%5d|%-5s|%05.1f|%x|%c|%b|%%\n' 42 ab 3.14159 255 xyz 'a\tb'
printf '%s\n' a b c; printf '%d %s\n' 1 x 2 y
echo 'dos' | unix2dos | od -c | head -n 1; printf 'dos\r\n' | dos2unix | od -c | head -n 1
cd /; rm -rf "$d"
