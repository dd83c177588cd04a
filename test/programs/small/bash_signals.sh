#!/bin/bash
# SPDX-License-Identifier: MPL-2.0
# Traps, wait, wait -n, background jobs and their statuses.
exec 2>/dev/null  # what bash says of killed children has their ids
trap 'echo "got USR1"' USR1
kill -USR1 $$
trap 'echo "exit trap $?"' EXIT
(trap 'echo child TERM; exit 7' TERM; kill -TERM $BASHPID; sleep 1); echo "child $?"
sleep 30 & pid=$!; sleep 0.3  # bash can lose a signal between fork and exec
kill $pid; wait $pid 2>/dev/null; echo "killed $?"
(sleep 0.3; exit 5) & (sleep 5; exit 6) & second=$!
wait -n; echo "wait -n $?"
kill $second 2>/dev/null; wait $second 2>/dev/null; echo "second $?"
(sleep 0.2; kill -USR1 $$) &
wait; echo "interrupted wait $?"
wait; echo "second wait $?"
bash -c 'kill -SEGV $$' 2>/dev/null; echo "segv $?"
timeout 0.3 sleep 10; echo "timeout $?"
timeout -s KILL 0.3 sleep 10 2>/dev/null; echo "timeout kill $?"
ulimit -t >/dev/null; (ulimit -f 1; dd if=/dev/zero of=big bs=1k count=20 2>/dev/null); echo "fsize $?"
for s in INT QUIT HUP; do bash -c "trap '' $s; kill -$s \$\$; echo ignored $s"; done
trap -p | head -3
kill -l 9 15 130
