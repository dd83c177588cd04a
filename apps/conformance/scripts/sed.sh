#!/bin/sh
# SPDX-License-Identifier: MPL-2.0
# sed: addresses, commands, hold space, loops, in-place editing, several scripts.
d=$(mktemp -d) && cd "$d" || exit 1
printf 'alpha\nbeta\ngamma\ndelta\nepsilon\n' > f
sed 's/a/A/' f; sed 's/a/A/g' f; sed 's/a/A/2' f; sed -n '2,4p' f; sed '/beta/d' f; sed '2,/delta/d' f; sed '$d' f; sed -n '$=' f
sed 's/\(.\)\(.\)/\2\1/' f; sed -E 's/(.)(.)/\2\1/' f; sed 's/[aeiou]//g' f; sed -n '/^[bd]/p' f; sed '1!G;h;$!d' f
sed 'y/abc/xyz/' f; sed '2i\inserted' f; sed '2a\appended' f; sed '2c\changed' f; sed '3q' f; sed = f | sed 'N;s/\n/ /'
sed -n 'l' <<X
tab	end
X
sed ':a;N;$!ba;s/\n/,/g' f; sed 's/e/&&/g' f; sed 's|a|/|' f; sed -e 's/a/1/' -e 's/b/2/' f; sed 's/A/x/I' f; sed '/alpha/,+1d' f; sed '0~2d' f; sed '1~2d' f
sed -i 's/alpha/ALPHA/' f; head -n 1 f; sed -i.bak '1d' f; wc -l f f.bak; echo 's/beta/BETA/' > script; sed -f script f
sed '2r f.bak' script; sed -n '2{p;p}' f; sed 's/x*/-/g' script; sed '/gamma/w out' f > /dev/null; cat out; sed 'n;d' f; sed 's/\n//;t;s/^/> /' f
sed 'bad' f; echo "status $?"; sed p none; echo "status $?"; echo abc | sed 's/b/\
/'; echo "a.b.c" | sed 's/\./-/g'; echo path/to/file | sed 's#.*/##'
cd /; rm -rf "$d"
