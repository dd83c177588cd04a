#!/bin/sh
# SPDX-License-Identifier: MPL-2.0
# ash: background jobs, wait, kill, jobs with set -m, fg and bg, statuses of everything.
d=$(mktemp -d) && cd "$d" || exit 1
sleep 100 & a=$!; kill $a; wait $a 2>/dev/null; echo "status $?"; (exit 7) & wait $! 2>/dev/null; echo "status $?"; wait; echo "status $?"; wait 999999 2>/dev/null; echo "status $?"
true & false & wait; echo all; for i in 1 2 3; do (exit $i) & p="$p $!"; done; for q in $p; do wait $q 2>/dev/null; echo "status $?"; done
sleep 100 & kill -9 $!; wait $! 2>/dev/null; echo "status $?"; sleep 100 & sleep 0.2; kill -INT $!; kill -TERM $!; wait $! 2>/dev/null; echo "status $?"; kill -0 $$; echo "status $?"; kill -0 999999 2>/dev/null; echo "status $?"; kill -l 9; kill -l TERM
[ "$(sh -c 'echo $PPID')" = $$ ]; echo "parent $?"; (sleep 0.5; echo background) & echo foreground; wait; x=$( (sleep 100 > /dev/null & echo $!) ); kill $x; echo "killed $?"; { sleep 0.3; echo group; } & wait; f() { sleep 0.5; echo "function $1"; return 3; }; f arg & wait $! 2>/dev/null; echo "status $?"
timeout 0.2 sleep 100; echo "status $?"; timeout -s KILL 0.2 sleep 100; echo "status $?"; timeout 5 true; echo "status $?"; timeout 5 sh -c 'exit 9'; echo "status $?"; setsid sh -c 'echo "leader $(cut -d " " -f 6 /proc/self/stat | grep -c .)"'; time -f '%x' false 2>&1 | tail -n 1
cd /; rm -rf "$d"
