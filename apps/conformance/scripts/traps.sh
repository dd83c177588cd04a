#!/bin/sh
# SPDX-License-Identifier: MPL-2.0
# ash: traps for signals and exit, in functions and subshells, ignored signals, signals during wait and sleep.
d=$(mktemp -d) && cd "$d" || exit 1
trap 'echo usr1' USR1; kill -USR1 $$; echo after; trap 'echo usr2; trap - USR2' USR2; kill -USR2 $$; trap; trap - USR1; (trap 'echo sub exit' EXIT; echo in sub); (trap 'echo term; exit 4' TERM; kill -TERM $(sh -c 'echo $PPID'); echo not reached); echo "status $?"
trap '' INT; sh -c 'kill -INT $$; echo survived'; trap - INT; sh -c 'kill -INT $$; echo not reached'; echo "status $?"
sh -c 'trap "echo bye" EXIT; exit 3'; echo "status $?"; sh -c 'trap "echo bye" EXIT; true'; sh -c 'trap "exit 9" EXIT; exit 3'; echo "status $?"; sh -c 'trap "echo got \$?" EXIT; (exit 5)'; sh -c 'trap "echo hup" HUP; kill -HUP $$; kill -HUP $$; echo end'
trap 'echo alarm' ALRM; (usleep 700000; kill -ALRM $$) & p=$!; sleep 100 & s=$!; wait $s 2>/dev/null; echo "wait status $?"; kill $s; wait $p 2>/dev/null; trap - ALRM
f() { trap 'echo in f' USR1; kill -USR1 $$; }; f; kill -USR1 $$; trap - USR1
sh -c 'trap "echo one" USR1; trap "echo two" USR1; kill -USR1 $$'; sh -c 'trap "kill -USR2 \$\$; echo first" USR1; trap "echo second" USR2; kill -USR1 $$'; sh -c 'trap "echo x; exit" USR1; while :; do kill -USR1 $$; done'; sh -c 'kill -KILL $$'; echo "status $?"; sh -c 'kill -SEGV $$'; echo "status $?"
sh -ec 'trap "echo exit trap" EXIT; false; echo no'; echo "status $?"; sh -c 'trap "echo pipe" PIPE; yes | head -n 1; echo done'; (trap '' TERM; sh -c 'kill -TERM $$; echo ignored in child'); sh -c 'trap "echo t" TERM; sh -c "kill -TERM \$\$"; echo child died $?'
sh -c 'trap "echo caught; exit 2" TERM; echo $$ > pid; while :; do sleep 1; done' & while [ ! -s pid ]; do usleep 10000; done; usleep 100000; kill -TERM $(cat pid); wait $! 2>/dev/null; echo "status $?"; trap 'echo final' EXIT
cd /; rm -rf "$d"
