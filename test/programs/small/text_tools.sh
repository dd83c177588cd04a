#!/bin/bash
# SPDX-License-Identifier: MPL-2.0
# grep, sed, find, xargs, tar, gzip.
mkdir -p t/u/v; for i in 1 2 3; do echo "line $i" > t/$i.txt; done; cp t/1.txt t/u/v/deep.txt; chmod 600 t/2.txt
grep -rn 'line [12]' t | sort; grep -c line t/*.txt; grep -q nothing t/1.txt; echo "grep $?"; grep -P '\d$' t/3.txt
sed -n '1p;$p' t/1.txt t/3.txt; sed -i 's/line/LINE/' t/1.txt; cat t/1.txt; ls t
find t -type f -name '*.txt' -printf '%p %m %s\n' | sort; find t -empty; find t -perm 600; find t -newer t/3.txt -type d | head -0
find t -name '*.txt' -print0 | sort -z | xargs -0 -n 2 echo args; seq 5000 | xargs -n 1000 -P 4 sh -c 'echo $#' | sort | uniq -c
find t -name deep.txt -exec sh -c 'echo exec "$1"' _ {} \; ; find t -name 3.txt -delete; ls t
tar -C t -cf a.tar . && tar -tvf a.tar --full-time | awk '{print $1, $2, $NF}' | sort
mkdir x && tar -C x -xpf a.tar && diff -r t x && echo tar-same
tar -czf a.tgz t && gzip -l a.tgz | awk 'NR==2{print $NF}' ; gzip -dc a.tgz | tar -tf - | sort | head -3
gzip -k t/2.txt; gunzip -t t/2.txt.gz && echo gz; head -c 20 a.tgz > cut.gz; gzip -t cut.gz 2>&1; echo "cut $?"
ln t/1.txt t/h; ln -s 1.txt t/s; mkfifo t/p; tar -cf b.tar t; rm -rf y; mkdir y; tar -C y -xf b.tar; stat -c '%n %F %h' y/t/h y/t/s y/t/p
awk 'BEGIN{for(i=0;i<3;i++) print i*i}'; printf 'b 2\na 1\n' | awk '{s+=$2} END{print s}'; awk 'BEGIN{"echo sub" | getline x; print x; system("exit 3")}'
cmp a.tar b.tar >/dev/null; echo "cmp $?"; dpkg --compare-versions 1.2-1 lt 1.10-1 && echo versions
