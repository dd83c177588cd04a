#!/bin/bash
# SPDX-License-Identifier: MPL-2.0
# Job control by an interactive shell on a terminal that script(1) makes: stopping, continuing, foreground and background.
cat > session <<'END'
stty -echo; PS1=; PS2=; set -m
echo "tty $(tty | sed s/[0-9]*$/N/) $(stty size | wc -w)"
sleep 100 &
jobs | sed 's/^/jobs: /'
kill -STOP %1; sleep 0.3
jobs | sed 's/^/jobs: /'
bg %1 >/dev/null; sleep 0.3; jobs | sed 's/^/jobs: /'
kill %1; wait %1; echo "waited $?"
bash -c 'kill -TSTP $$; echo resumed' 
echo "stopped $?"
fg >/dev/null; echo "fg $?"
cat | cat &
sleep 0.3; jobs | sed 's/^/jobs: /'
kill %1; sleep 0.2
exit 9
END
script -qec 'bash --norc --noprofile -i' /dev/null < session > out 2>&1; echo "status $?"
tr -d '\r' < out | grep -E '^(tty|jobs|waited|stopped|resumed|fg|status)'
