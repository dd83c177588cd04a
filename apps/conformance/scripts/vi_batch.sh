#!/bin/sh
# SPDX-License-Identifier: MPL-2.0
# vi fed by a script, ed: edits, searches, writing, quitting; their exit statuses.
d=$(mktemp -d) && cd "$d" || exit 1
printf 'line one\nline two\nline three\n' > f
# The first characters only redraw. An escape must be read alone: vi takes it for the begin of a key's sequence otherwise.
v() { printf "\014\014$1" | vi f > /dev/null 2>&1; echo "status $?"; cat f; }
ins() { { printf "\014\014$1\033"; sleep 1; printf "$2"; } | vi f > /dev/null 2>&1; echo "status $?"; cat f; }
v ':1\nx:wq\n'
v 'ddp:x\n'
v ':%%s/line/LINE/g\n:wq\n'
v '2Gyyp3x:wq\n'
v '/three\ndwZZ'
v ':1,2d\n:wq\n'
v 'yyPP:wq\n'
v 'Jp~:wq\n'
v 'x:q!\n'
v ':r /etc/hostname\n:q!\n'
ins 'Gonew line' ':wq\n'
ins 'iunsaved' ':q!\n'
{ printf '\014\014iin a new file\nsecond\033'; sleep 1; printf ':wq\n'; } | vi new > /dev/null 2>&1; cat new
vi -c ':s/new/NEW/' -c ':wq' new > /dev/null 2>&1 < /dev/null; cat new
ed f <<X 2>&1
,p
1a
appended
.
2,3n
1s/./X/
w
q
X
cat f; ed none <<X 2>&1
q
X
echo "status $?"; printf 'a\nb\nc\n' > e; printf '2d\nw\nq\n' | ed -s e 2>/dev/null || printf '2d\nw\nq\n' | ed e; cat e
cd /; rm -rf "$d"
