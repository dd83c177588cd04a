#!/bin/bash
# SPDX-License-Identifier: MPL-2.0
# less and vim, scripted, on terminals that script(1) makes.
seq 100 > f; echo hello > g
vim.tiny -es -u NONE -c '%s/hello/bye/' -c 'wq' g; cat g; vim.tiny -es -u NONE -c 'g/5/d' -c '$put =\"end\"' -c 'w out' -c 'q!' f; wc -l out
(sleep 1; printf 'ihi \033:wq\r') | TERM=vt100 script -qec 'stty rows 24 cols 80; vim.tiny -u NONE -n g' /dev/null > /dev/null; cat g
less f | tail -1; (sleep 2; printf 'G'; sleep 1; printf 'q') | TERM=vt100 script -qec 'stty rows 10 cols 40; less f' s > /dev/null; tr -d '\r' < s | grep -ac '^100'
(sleep 2; printf '/77\n'; sleep 1; printf q) | TERM=vt100 script -qec 'stty rows 10 cols 40; less f' s > /dev/null; grep -aqw 77 s; echo "found $?"
