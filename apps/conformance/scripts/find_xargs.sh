#!/bin/sh
# SPDX-License-Identifier: MPL-2.0
# find, xargs, basename, dirname, which, touch: expressions, actions, quoting, many arguments.
d=$(mktemp -d) && cd "$d" || exit 1
mkdir -p t/a/b t/c; touch t/1.txt t/a/2.txt t/a/b/3.c 't/c/with space'; ln -s a t/link; echo content > t/full; mkfifo t/fifo
find t | sort; find t -type f | sort; find t -type d | sort; find t -type l; find t -type p; find t -name '*.txt' | sort; find t -iname '*.TXT' | sort; find t -path '*/b/*'; find t -maxdepth 1 | sort; find t -mindepth 2 -type f | sort
find t -empty -type f | sort; find t -size +0c -type f; find t ! -name '*.txt' -type f | sort; find t \( -name '*.c' -o -name 'full' \) | sort; find t -name b -prune -o -type f -print | sort; find t -perm 644 -type f | wc -l; find t -user root | wc -l
find t -name '*.txt' -exec echo found {} \; | sort; find t -type f -exec echo {} + | wc -l; find t -name '3.c' -exec sh -c 'echo "$1" | tr a-z A-Z' x {} \;; find t -depth -name 'b*' -o -depth -name '3*'; find t -newer t/1.txt -name none; find t -links 1 -type f | wc -l
find t -type f -print0 | xargs -0 -n 1 echo | sort; echo 'a b c' | xargs -n 2 echo; echo 'x y' | xargs echo pre; printf '1\n2\n' | xargs -I @ echo '<@>'; echo | xargs echo empty; echo | xargs -r echo never; printf '"q u" r\n' | xargs -n 1 echo
seq 5000 | xargs echo | wc -w; seq 100 | xargs -n 10 | wc -l; printf 'a\nb\nc\n' | xargs -P 3 -n 1 sh -c 'exit 0' ; echo "status $?"; echo x | xargs false; echo "status $?"; echo x | xargs none 2>/dev/null; echo "status $?"
find t -name '*.txt' -delete; find t -type f | sort; find none; echo "status $?"; basename /a/b/c.txt .txt; dirname /a/b/c; basename /; dirname x; which ls sh | sed 's,.*/,,'
touch -d '2001-02-03 04:05:06' old; find . -name old -mtime +100; find . -maxdepth 1 -name old -newer t/full; stat -c '%Y' old; mkdir -p deep/1/2/3/4/5/6/7/8/9; find deep | tail -n 1; rm -r deep t; ls
cd /; rm -rf "$d"
