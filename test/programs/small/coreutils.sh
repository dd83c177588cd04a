#!/bin/bash
# SPDX-License-Identifier: MPL-2.0
# Files by coreutils: what it makes, copies, links, sorts and checks.
mkdir -p d/e; echo hello > d/f; ln d/f d/hard; ln -s f d/soft; mkfifo d/p
stat -c '%n %F %a %h %s' d/f d/hard d/soft d/p d
cp -a d copy && diff -r --no-dereference d/e copy/e && stat -c '%n %F %a %h' copy/*
mv copy moved; ls moved; rm -r moved; ls -d moved 2>&1
install -m 640 -o 1 -g 2 d/f g; stat -c '%a %u %g' g
chown 5:6 g; chmod u+s,g-r g; stat -c '%A %u:%g' g
touch -d '2001-02-03 04:05:06 UTC' g; TZ=UTC stat -c %y g; TZ=UTC date -r g +%F_%T
truncate -s 1M sparse; stat -c '%s %b' sparse; dd if=/dev/urandom of=sparse bs=4k seek=10 count=1 conv=notrunc 2>/dev/null; stat -c '%s %b' sparse
cp --sparse=always sparse s2; cmp sparse s2 && echo same
seq 1000 | sort -rn | head -3; seq 20 | shuf --random-source=/dev/zero | sort -n | md5sum
seq 100000 | sort -R --random-source=/dev/zero | sort -n -S 200K -T . | sha256sum
printf 'a b\nc d\n' | tee x | cut -d' ' -f2 | paste -s -d,; tac x; nl x; od -c x | head -2; fold -w1 x | wc
df --output=target . | tail -1; du -s --apparent-size d/f | cut -f1
split -n 3 x part; cat part* | cmp - x && echo split; comm <(seq 1 5) <(seq 3 7) | tr '\t' .
realpath --relative-to=. d/soft; readlink d/soft; basename /a/b.c .c; dirname /a/b; mktemp -u XXXX | wc -c
env -i A=1 env; nice -n 5 nice; nproc; id; whoami; uname -s; uname -m; test -p d/p && echo fifo
head -c 100000 /dev/zero | cksum; yes | head -n 3; expr 6 \* 7; factor 1234567; numfmt --to=iec 1048576
rm -rf d; rmdir none 2>&1; cat none 2>&1; cp none x 2>&1; mkdir x 2>&1; echo "$?"
sync; sleep 0.01; tty; stdbuf -oL echo buffered; chroot / /bin/echo chrooted; dd if=/dev/zero bs=1k count=3 2>/dev/null | wc -c
