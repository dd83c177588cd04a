#!/bin/bash
# SPDX-License-Identifier: MPL-2.0
# ps, top, free, vmstat, pgrep, pkill, pmap: what is true of any system.
ps -e -o pid=,comm= | awk '$1==1{print $2}'; ps -o ppid= -p $$ | grep -c .; sleep 77 & p=$!; sleep 0.2; ps -o comm=,stat=,nice=,args= -p $p; pgrep -f '^sleep 77' | grep -cx $p
top -b -n 1 | awk 'NR==1{print $1} NR==2{print $1} /PID/{print $1,$2,$NF}'; top -b -n 1 -p $p | tail -1 | awk '{print $2, $NF}'; free | awk '{print $1, NF}'; free | awk '/Mem/{print ($2 > $3 && $2 > $4)}'
vmstat | awk 'NR==3{print NF}'; vmstat -s | wc -l; vmstat 1 2 | wc -l; uptime | grep -c load; w -h | wc -l; pmap $$ | tail -1 | awk '{print $1}'; pmap -x $p | grep -q libc; echo "libc mapped $?"
pwdx $$ | grep -c /; slabtop -o 2>&1 | head -0; tload -V | wc -l; sysctl -n kernel.ostype kernel.hostname; sysctl -a 2>/dev/null | grep -c '^kernel.'  | awk '{print $1 > 5}'; pkill -f '^sleep 77'; wait $p; echo "killed $?"
ps -eLf | wc -l | awk '{print $1 > 2}'; ps axjf > /dev/null; echo $?; ps -ef --forest | tail -1 | grep -c tail; kill -l | wc -w; skill -l | wc -w; pidwait -e none; echo $?
