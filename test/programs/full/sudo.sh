#!/bin/bash
# SPDX-License-Identifier: MPL-2.0
# sudo, and programs that are setuid.
sudo -n id -u; sudo -n -u nobody id -u; sudo -n -u nobody -g daemon id -gn; sudo -n sh -c 'echo $SUDO_USER $SUDO_UID'; sudo -n false; echo $?; setpriv --reuid=1 --regid=1 --clear-groups sudo -n id 2>/dev/null; echo "not allowed $?"
echo 'daemon ALL=(ALL) NOPASSWD: /usr/bin/id' > /etc/sudoers.d/t; chmod 440 /etc/sudoers.d/t; setpriv --reuid=1 --regid=1 --clear-groups sudo -n id -u; setpriv --reuid=1 --regid=1 --clear-groups sudo -n cat /etc/shadow 2>/dev/null; echo "other $?"; rm /etc/sudoers.d/t
