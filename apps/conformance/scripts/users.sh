#!/bin/sh
# SPDX-License-Identifier: MPL-2.0
# id, whoami, groups, su, setpriv, chown by name, rights of another user, umask, logname, mkpasswd.
d=$(mktemp -d) && cd "$d" || exit 1
id; id -u; id -g; id -un; id user; whoami; groups; groups user; id none 2>&1; echo "status $?"; echo secret > f; chmod 600 f; chmod 777 .; echo public > g
as() { setpriv --reuid 1000 --regid 1000 --clear-groups "$@" 2>/dev/null || start-stop-daemon -S -c user:user -x "$(which "$1")" -- "$@"; }
su user -c 'id -u; id -un; cat f; echo "status $?"; cat g; echo x > f; echo "status $?"; echo mine > m; stat -c "%U %G %a" m; chown root m; echo "status $?"; chmod 600 m; rm g; echo "status $?"; kill -0 1; echo "status $?"; mkdir d; touch d/x; ls d; mount -t tmpfs x d; echo "status $?"; hostname evil; echo "status $?"; renice -n -5 $$; echo "status $?"' 2>/dev/null < /dev/null
cat m; chown user:user f; stat -c '%U:%G' f; chown 0 f; stat -c '%u' f; chgrp user f; stat -c '%G' f; umask; umask 077; touch u; stat -c %a u; mkdir v; stat -c %a v; umask u=rwx,g=rx,o=; umask; touch w; stat -c %a w; umask -S
umask 022; test -O f; echo $?; cp /bin/busybox id 2>/dev/null && chmod 4755 id && su user -c './id id -u' < /dev/null 2>/dev/null | head -n 1 | sed 's/.*not found/x/'; mkpasswd -m md5 -S saltsalt password 2>/dev/null; stat -c '%A %U' /tmp; ls -ld /root 2>/dev/null | cut -c 1; ls -ln f | awk '{print $3, $4}'; echo "$USER" | grep -c . | head -n 1; logname 2>/dev/null; tty; echo "status $?"; mesg 2>/dev/null > /dev/null; hostid | wc -c
cd /; rm -rf "$d"
