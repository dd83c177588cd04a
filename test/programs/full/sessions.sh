#!/bin/bash
# SPDX-License-Identifier: MPL-2.0
# tmux and dbus-daemon on UNIX sockets.
export TMUX_TMPDIR=$PWD; tmux -L x new-session -d -x 80 -y 24 'cat'; tmux -L x send-keys 'typed' Enter; sleep 1; tmux -L x capture-pane -p | head -2; tmux -L x ls | cut -d: -f1; tmux -L x kill-server; echo $?
address=$(dbus-daemon --session --fork --print-address 2>&1 | head -1); DBUS_SESSION_BUS_ADDRESS=$address dbus-send --session --print-reply=literal --dest=org.freedesktop.DBus / org.freedesktop.DBus.GetId | wc -w
