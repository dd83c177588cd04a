#!/bin/sh
# SPDX-License-Identifier: MPL-2.0
# md5sum, sha*sum, crc32, cksum, od, hexdump, xxd, strings, cmp, diff, patch.
d=$(mktemp -d) && cd "$d" || exit 1
printf 'hello world\n' > f; md5sum f; sha1sum f; sha256sum f; sha512sum f; sha3sum f; crc32 f 2>&1; cksum f 2>&1 | head -n 1; sum f 2>&1 | head -n 1
md5sum f > sums; md5sum -c sums; echo "status $?"; echo x >> f; md5sum -c sums 2>/dev/null; echo "status $?"; md5sum none 2>/dev/null; echo "status $?"; seq 100000 | sha256sum
od -c f; od -x f; od -A d -t x1 f; od -An -t d2 -N 4 f; hexdump -C f; hexdump f; xxd f; xxd -p f; xxd -r -p <<X
6869 0a
X
printf 'ab\001cdef\002gh\003ijklm' | strings; printf 'ab\001cdef\002' | strings -n 2
cp f g; cmp f g; echo "status $?"; echo y >> g; cmp f g; echo "status $?"; printf 'abc' > c1; printf 'abd' > c2; cmp c1 c2; cmp -l c1 c2; cmp -s c1 c2; echo "status $?"
printf 'a\nb\nc\nd\n' > o; printf 'a\nB\nc\nd\ne\n' > n; diff o n | grep -v '^[-+][-+][-+]'; diff -u o n | tail -n +3; diff -q o n; echo "status $?"; diff o o; echo "status $?"; diff -b f g > /dev/null; echo "status $?"; diff -u o n > p; patch o < p; cmp o n && echo patched; patch -R o < p; cat o; mkdir x y; echo 1 > x/f; echo 2 > y/f; echo 3 > x/only; diff -r x y | grep -v '^[-+][-+][-+]'; echo bad | patch o 2>/dev/null; echo "status $?"
cd /; rm -rf "$d"
