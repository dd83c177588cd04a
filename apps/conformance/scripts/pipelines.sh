#!/bin/sh
# SPDX-License-Identifier: MPL-2.0
# Pipelines of up to ten processes and more: order, statuses, large amounts, early ends, subshells, named pipes.
d=$(mktemp -d) && cd "$d" || exit 1
echo start | cat | cat | cat | cat | cat | cat | cat | cat | tr a-z A-Z
seq 5000 | sort -r | sort -n | uniq | grep -v x | sed 's/^/n/' | cut -c 2- | awk '{s += $1} END {print s}' | tee copy | cat | cat; cat copy
yes | head -n 3; yes | head -n 20000 | wc -l; seq 200000 | head -n 1; seq 100000 | tail -n 1; cat /dev/zero | head -c 500000 | wc -c; dd if=/dev/zero bs=64k count=50 2>/dev/null | cat | cat | wc -c
true | false; echo "status $?"; false | true; echo "status $?"; set -o pipefail; false | true; echo "status $?"; true | (exit 3) | true; echo "status $?"; set +o pipefail; ! true; echo "status $?"; ! false | false; echo "status $?"; none 2>/dev/null | cat; echo "status $?"
echo a | { read x; echo "got $x"; }; x=outer; echo inner | read x; echo "$x"; echo '1 2 3' | while read a b c; do echo "$c $b $a"; done; for i in 1 2 3; do echo $i; done | (sum=0; while read n; do sum=$((sum+n)); done; echo $sum)
(echo out; echo err >&2) 2>&1 | sort; (echo out; echo err >&2) 2>/dev/null | cat; { echo 1; echo 2 >&2; } 2> e | cat; cat e; echo x | tee /proc/self/fd/2 2>/dev/null | cat
mkfifo p q; cat p > r & echo 'through a fifo' > p; wait; cat r; (exec 3> q; cat < p >&3) & (seq 10000 > p) & wc -l < q; wait; sh -c 'exec 3<>p; echo both >&3; read l <&3; echo $l'
seq 100 | (head -n 2; cat) | tail -n 1; (sleep 0.5; echo slow) | (echo fast; cat); echo "$(echo a | echo b | cat)"; seq 3 | xargs -n 1 sh -c 'seq $1 | wc -l' x; v=$(seq 1000 | md5sum | cut -c 1-8); echo $v; echo $(seq 10 | sort -rn) | rev | rev
i=0; while [ $i -lt 20 ]; do echo $i | cat | cat > /dev/null; i=$((i+1)); done; echo $i; c='cat'; i=0; while [ $i -lt 30 ]; do c="$c | cat"; i=$((i+1)); done; echo 'thirty-one processes' | eval "$c"; (trap '' PIPE; yes 2>/dev/null; echo "yes ended $?" >&2) 2>&1 | head -n 1
cd /; rm -rf "$d"
