#!/bin/sh
# SPDX-License-Identifier: MPL-2.0
# tar: making, listing and unpacking; modes, links, times; through pipes and with compression.
d=$(mktemp -d) && cd "$d" || exit 1
umask 022; mkdir -p d/sub; echo one > d/1; echo two > d/sub/2; ln -s 1 d/link; ln d/1 d/hard; chmod 600 d/1; chmod 755 d/sub; mkfifo d/fifo; touch -d '2010-01-02 03:04:05' d/1 d/sub/2
tar -cf a.tar d; tar -tf a.tar | sort; tar -tvf a.tar | awk '{print $1, $2, $6, $7, $8}' | grep -v '/$' | sort | sed 's/20[12][0-9].*[0-9] d/DATE d/'
mkdir x; tar -xf a.tar -C x; find x | sort; cat x/d/sub/2; readlink x/d/link; stat -c '%a %F %h %Y' x/d/1; cmp d/1 x/d/1 && echo same; [ x/d/1 -ef x/d/hard ] && echo linked; stat -c '%F' x/d/fifo
tar -czf a.tgz d; tar -tzf a.tgz | wc -l; tar -xzOf a.tgz d/sub/2; gzip -t a.tgz && echo ok; tar -cjf a.tbz d && tar -tjf a.tbz | wc -l
rm -r x; mkdir x; tar -cf - d | (cd x && tar -xf -); find x -type f | sort; tar -xf a.tar -O d/1; tar -cf b.tar -C d sub; tar -tf b.tar; tar -cf c.tar --exclude '*2' d; tar -tf c.tar | sort
printf 'd/1\n' > list; tar -cf e.tar -T list; tar -tf e.tar; tar -xf a.tar d/none 2>/dev/null; echo "status $?"; tar -tf none.tar 2>/dev/null; echo "status $?"; head -c 700 a.tar > cut.tar; tar -tf cut.tar 2>/dev/null; echo "status $?"; tar -xf a.tar -C x --strip-components=1; ls x | sort | head -n 3
dd if=/dev/zero of=d/big bs=1000 count=300 2>/dev/null; tar -czf big.tgz d; [ $(stat -c %s big.tgz) -lt 5000 ] && echo small; rm -r x; mkdir x; tar -xzf big.tgz -C x; md5sum < x/d/big; ls -l x/d | awk 'NR > 1 {print $1, $5}' | sort
cd /; rm -rf "$d"
