#!/bin/bash
# SPDX-License-Identifier: MPL-2.0
# ionice: classes and levels of a process, and what a child gets.
ionice 2>&1; ionice -c 2 -n 3 sh -c 'ionice; ionice -p $$' 2>&1; ionice -c 3 ionice 2>&1; ionice -c 1 -n 0 ionice 2>&1; ionice -p 999999 2>&1; echo "$?"
setpriv --reuid=1 --regid=1 --clear-groups ionice -c 1 true 2>&1; echo "real time $?"
