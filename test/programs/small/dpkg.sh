#!/bin/bash
# SPDX-License-Identifier: MPL-2.0
# Builds packages, installs, queries and removes them by dpkg and by apt-get, with maintainer scripts and conffiles.
package() {
  mkdir -p "$1/DEBIAN" "$1/usr/share/$1" "$1/etc"
  printf 'Package: %s\nVersion: %s\nArchitecture: all\nMaintainer: Nobody <nobody@example.org>\nDescription: a test\n%s' "$1" "$2" "$3" > "$1/DEBIAN/control"
  echo "content $2" > "$1/usr/share/$1/file"; echo "setting $2" > "$1/etc/$1.conf"; echo "/etc/$1.conf" > "$1/DEBIAN/conffiles"
  printf '#!/bin/sh\necho "postinst %s $1"\n' "$1" > "$1/DEBIAN/postinst"; printf '#!/bin/sh\necho "prerm $1"\n' > "$1/DEBIAN/prerm"
  chmod 755 "$1/DEBIAN/postinst" "$1/DEBIAN/prerm"
  dpkg-deb --root-owner-group -b "$1" "$1_$2.deb"
}
export DEBIAN_FRONTEND=noninteractive
package base-thing 1.0; package base-thing 2.0; package top-thing 1.0 'Depends: base-thing (>= 2.0)
'
dpkg -I base-thing_1.0.deb | grep -E 'Version|Package'; dpkg -c base-thing_1.0.deb | awk '{print $1, $2, $NF}'
dpkg -i base-thing_1.0.deb 2>&1 | sed 's/([^)]*currently installed.)//'; cat /usr/share/base-thing/file
dpkg -s base-thing | grep -E '^(Status|Version)'; dpkg -L base-thing; dpkg -S /usr/share/base-thing/file; dpkg -V base-thing; echo "verify $?"
dpkg -i top-thing_1.0.deb 2>&1 | grep -v currently; echo "unmet ${PIPESTATUS[0]}"; dpkg -r top-thing >/dev/null 2>&1
apt-get install -y -q ./base-thing_2.0.deb ./top-thing_1.0.deb 2>&1 | grep -E 'postinst|Setting up|Unpacking|newly'; dpkg -l base-thing top-thing | tail -2 | awk '{print $1,$2,$3}'
cat /usr/share/base-thing/file /etc/base-thing.conf; apt-get remove -y -q top-thing 2>&1 | grep -E 'Removing|prerm'
dpkg -P base-thing 2>&1 | grep -v currently | sed 's/([^)]*currently installed.)//'; ls /etc/base-thing.conf 2>&1; dpkg --audit; echo "audit $?"
