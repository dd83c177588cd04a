#!/bin/sh
# SPDX-License-Identifier: MPL-2.0
# ash: loops, case, functions, arithmetic, parameter expansion, splitting, getopts, eval, set.
d=$(mktemp -d) && cd "$d" || exit 1
for i in a b c; do [ $i = b ] && continue; echo $i; done; i=0; while :; do i=$((i+1)); [ $i -gt 3 ] && break; done; echo $i; until [ $i -eq 0 ]; do i=$((i-1)); done; echo $i; for i; do echo "arg $i"; done; set -- x 'y z'; for i; do echo "arg $i"; done
for x in apple '*' 12 '' ab; do case $x in a*) echo "a: $x";; \*) echo star;; [0-9]*) echo number;; '') echo empty;; esac; done; case abc in x|a?c) echo yes;; esac; case a in b) ;; *) echo default;; esac
f() { local v=inner; echo "$# $1 $v"; return 4; }; v=outer; f a b; echo "$? $v"; r() { [ $1 -le 1 ] && echo 1 || echo $(( $1 * $(r $(($1 - 1))) )); }; r 6; g() { shift; echo "$@"; }; g 1 2 3; h() { echo "$*"; IFS=-; echo "$*"; unset IFS; }; h a b c
echo $((7 / 2)) $((7 % 3)) $((-7 / 2)) $((1 << 10)) $((0x1f)) $((010)) $((5 > 3)) $((5 == 3)) $((1 ? 2 : 3)) $(((2 + 3) * 4)) $((~0)) $((6 & 3)) $((6 | 3)) $((6 ^ 3)) $((!0)); a=5; echo $((a++)) $a $((++a)) $((a += 10)) $((a, 3)); echo $((9223372036854775807 + 1)); (echo $((1 / 0))) 2>/dev/null; echo "status $?"
cd /; rm -rf "$d"
