#!/bin/bash
# SPDX-License-Identifier: MPL-2.0
# su, which is setuid root and asks PAM.
su -s /bin/sh nobody -c 'id -u; id -g; touch /etc/x 2>&1; cat /etc/shadow 2>&1'
su -s /bin/sh daemon -c 'echo $USER $HOME'
setpriv --reuid=1 --regid=1 --clear-groups sh -c 'su -s /bin/sh nobody -c id < /dev/null'; echo "password wanted $?"
setpriv --reuid=1 --regid=1 --clear-groups sh -c 'passwd -S daemon 2>&1 | cut -d" " -f1,2; chage -l daemon 2>&1 | head -1'
