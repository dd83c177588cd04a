#!/bin/sh
# SPDX-License-Identifier: MPL-2.0
# gzip, gunzip, zcat, bzip2, bzcat, xzcat, unlzma, cpio, ar, uuencode, base64: round trips, statuses.
d=$(mktemp -d) && cd "$d" || exit 1
seq 5000 > f; md5sum < f; gzip f; ls; gunzip f.gz; ls; gzip -c f > g.gz; zcat g.gz | md5sum; gzip -1 < f | gunzip | md5sum; gzip -9 < f | gzip -d | md5sum; gzip -k f; ls; gzip -dc f.gz | tail -n 1; gzip f 2>/dev/null; echo "status $?"; gzip -f f; ls
gunzip f.gz; bzip2 f; ls f*; bzcat f.bz2 | md5sum; bunzip2 f.bz2; bzip2 -c f | bunzip2 | md5sum; bzip2 -9 < f | wc -c
printf 'hello\n' | gzip | gunzip; printf '' | gzip | gunzip | wc -c; echo x | gunzip 2>/dev/null; echo "status $?"; (echo a | gzip; echo b | gzip) | zcat; head -c 100 g.gz | gunzip 2>/dev/null | md5sum | wc -l; dd if=/dev/urandom bs=1k count=200 2>/dev/null > r; gzip < r | zcat | cmp - r && echo same
mkdir d; echo 1 > d/a; echo 2 > d/b; ln -s a d/l; find d | sort | cpio -o -H newc 2>/dev/null > c.cpio; cpio -t < c.cpio 2>/dev/null; mkdir x; (cd x; cpio -id < ../c.cpio 2>/dev/null); cat x/d/b; readlink x/d/l
echo aaa > m1; echo bbb > m2; { printf '!<arch>\n'; printf '%-16s%-12s%-6s%-6s%-8s%-10s`\n' m1/ 0 0 0 100644 4; cat m1; printf '%-16s%-12s%-6s%-6s%-8s%-10s`\n' m2/ 0 0 0 100644 4; cat m2; } > lib.a; ar t lib.a; ar p lib.a m2; rm m1 m2; ar x lib.a && cat m1
uuencode name < m1; uuencode m1 out | uudecode; cat out; base64 m2; base64 m2 | base64 -d; printf '\375' | base64; head -c 100 f | base64 -w 20 | head -n 2
echo /Td6WFoAAATm1rRGAgAhARYAAAB0L+WjAQACaGkKAAAAAMRpnz3FTv6GAAEbA+TVqEUftvN9AQAAAAAEWVo= | base64 -d | xzcat 2>&1 | head -n 1; unlzma -c < f 2>/dev/null; echo "status $?"
cd /; rm -rf "$d"
