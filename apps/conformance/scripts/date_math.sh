#!/bin/sh
# SPDX-License-Identifier: MPL-2.0
# date, cal, expr, bc, dc, factor, touch with dates, seq with floats, ts, ascii.
d=$(mktemp -d) && cd "$d" || exit 1
export TZ=UTC0; date -u -d @0; date -u -d @1000000000 '+%Y-%m-%d %H:%M:%S %j %a %b %u %y %e %p'; date -d '2020-02-29 12:34:56' +%s; date -d 2001.02.03-04:05:06 +%F; date -u -d @86400 -R; date -I -d @0; TZ=EST5EDT date -d @1600000000; TZ=CET-1CEST,M3.5.0,M10.5.0/3 date -d @1593561600; a=$(date +%s); usleep 1100000; b=$(date +%s); [ $((b - a)) -ge 1 ] && [ $((b - a)) -lt 30 ]; echo $?; date -d garbage 2>/dev/null; echo "status $?"; touch -d @1500000000 f; date -r f +%s;
cal 2 2024; cal 9 1752; cal -m 1 2023 2>/dev/null | head -n 2
expr 1 + 2; expr 7 \* 6; expr 10 / 3; expr 10 % 3; expr abc : 'a\(.\)'; expr length hello; expr substr hello 2 3; expr index hello l; expr 1 \> 2; echo "status $?"; expr a = a; expr 1 / 0 2>/dev/null; echo "status $?"; expr '(' 1 + 2 ')' \* 3
echo '2^100; 10/3; scale=5; 10/3; sqrt(2); 5%3' | bc; echo 'define f(n) { if (n < 2) return 1; return n * f(n - 1); } f(20)' | bc; echo 'ibase=16; FF' | bc; echo '2 3 + p 4 * p 10 k 2 v p' | dc; factor 360 97 1000003; seq 0 .5 2; awk 'BEGIN {printf "%.3f\n", atan2(0, -1)}'
echo line | ts '' 2>/dev/null | sed 's/^ //' | wc -w; ascii 2>/dev/null | wc -l; printf '%d %o %x\n' 0x10 8 255; printf '%d\n' "'A"; echo $((2 ** 10)) 2>/dev/null; let 'x = 3 * 4' 2>/dev/null; echo $x; ipcalc -n 192.168.1.17/24; ipcalc -b 10.0.0.1/8; time -p true 2>&1 | wc -l; sleep 0.1 && echo slept
cd /; rm -rf "$d"
