#!/bin/sh
# SPDX-License-Identifier: MPL-2.0
# sort, uniq, seq, shuf, comm by other means: orders, keys, duplicates, large input.
d=$(mktemp -d) && cd "$d" || exit 1
printf 'b 2\na 10\nc 1\na 9\nB 3\n' > f
sort f; echo; sort -r f; echo; sort -k 2 f; echo; sort -k 2n f; echo; sort -k 1,1 -k 2,2nr f; echo; sort -f f; echo; sort -u -k 1,1 f
printf '10\n9\n2\n1\n33\n' | sort -n; printf '10\n9\n2\n' | sort; printf 'x:3\ny:1\nz:2\n' | sort -t : -k 2
printf '1M\n2K\n3\n' | sort -h 2>&1; printf '0x10\n2\n' | sort -g 2>&1; printf 'b\na\n' | sort -c; echo "status $?"; printf 'Mar\nJan\nFeb\n' | sort -M 2>&1
printf 'a\na\nb\nc\nc\nc\n' > d
uniq d; uniq -c d; uniq -d d; uniq -u d; printf 'A\na\n' | uniq -i; printf '1 x\n2 x\n' | uniq -f 1
seq 5; seq 2 2 8; seq 5 -2 1; seq -w 8 11; seq -s , 4
seq 4000 | shuf | sort -n | md5sum; seq 4000 | md5sum
seq 5000 | awk '{print ($1*7919)%30011}' > big; sort -n big | head -n 2; sort -n big | tail -n 1; sort -n big | uniq | wc -l
sort -o f f; cat f; sort none; echo "status $?"
cd /; rm -rf "$d"
