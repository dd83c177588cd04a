#!/bin/bash
# SPDX-License-Identifier: MPL-2.0
# flock, setsid, script, getopt, mountpoint, setpriv, schedulers, limits.
( flock -x 9; echo locked; flock -n lock echo no; echo "busy $?" ) 9> lock
flock lock -c 'echo free'; ( flock -s 9; flock -s -n lock echo shared; flock -x -n lock true; echo "exclusive $?" ) 9> lock
( flock 9; sleep 0.5 ) 9> lock & sleep 0.2; flock -w 0.1 lock true; echo "waited $?"; flock -w 5 lock echo got; wait
setsid -w sh -c 'cut -d" " -f1,6 /proc/self/stat | { read a b; [ $PPID != 1 ] && echo session; }'; setsid -w sh -c 'exit 4'; echo "setsid $?"
script -qec 'tty | sed s/[0-9]*$/N/; stty size; echo in script; exit 3' /dev/null < /dev/null | tr -d '\r'; echo "script ${PIPESTATUS[0]}"
getopt -o ab: -l long -- -a -b x --long y; mountpoint -q /proc && echo proc; mountpoint -q /tmp/.. ; echo "mountpoint $?"
setpriv --reuid=33 --regid=33 --clear-groups id; setpriv --no-new-privs grep NoNewPrivs /proc/self/status
chrt -m | wc -l; chrt -p $$ | sed 's/^pid [0-9]*/pid N/'; taskset -p 1 $$ > /dev/null; nproc; prlimit -n | wc -l; prlimit --nofile=100 sh -c 'ulimit -n'
renice -n 3 $$ >/dev/null; nice; mcookie | wc -c; namei -m /usr/bin/env | tail -1; lscpu | grep -E '^(Architecture|Byte Order|CPU\(s\))' | tr -s ' '; ipcs -a 2>&1 | head -3
