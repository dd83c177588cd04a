#!/bin/sh
# SPDX-License-Identifier: MPL-2.0
# ash: redirections of every kind, descriptors, exec, noclobber, here with dup, closing, errors.
d=$(mktemp -d) && cd "$d" || exit 1
echo out > f; echo more >> f; cat < f; { echo 1; echo 2 >&2; } > o 2> e; cat o e; { echo 1; echo 2 >&2; } > b 2>&1; cat b; echo x 2>&1 > f | cat; cat f; ls none > o 2>&1; echo "status $?"; wc -l < o
exec 3> three; echo to three >&3; exec 3>&-; cat three; echo x >&3 2>/dev/null; echo "status $?"; exec 4< three; read l <&4; echo $l; read l <&4; echo "status $?"; exec 4<&-; exec 5<> rw; echo data >&5; exec 5>&-; cat rw; exec 6>&1; echo six >&6; exec 6>&-
set -C; echo x > f 2>/dev/null; echo "status $?"; echo forced >| f; cat f; echo new > nf; cat nf; set +C; (echo sub; exit 3) > s; echo "$? $(cat s)"; for i in 1 2; do echo $i; done > l; cat l; if true; then echo if; fi > i; cat i; f() { echo func; } > ff; f; cat ff; { read a; read b; } < l; echo $b $a
echo closed >&- 2>/dev/null; echo "status $?"; cat <&- 2>/dev/null; echo "status $?"; echo x > /dev/null; echo x > /dev/full 2>/dev/null; echo "status $?"; echo x > none/f 2>/dev/null; echo "status $?"; cat < none 2>/dev/null; echo "status $?"; (echo x > .) 2>/dev/null; echo "status $?"; : > empty; wc -c < empty; > also; ls also
exec 7>log; (echo from sub >&7); sh -c 'echo from child >&7'; exec 7>&-; cat log; cat < f > g; cmp f g && echo same; cat f f > h; wc -l h; echo a > 'a b'; cat 'a b'; cat /proc/self/fd/9 9<f; (echo stdout > /proc/self/fd/1) | cat; (echo stderr > /proc/self/fd/2) 2>&1 | cat; dd if=f 2>/dev/null of=/proc/self/fd/1 | cat; (cd /; pwd); pwd | grep -c tmp; ls -l /proc/self/fd/0 < f | sed 's,.*/,,'; sh -c 'read x; cat' < l; (head -n 1; cat) < l; exec > all; echo hidden; exec > /dev/null; echo nothing
cd /; rm -rf "$d"
