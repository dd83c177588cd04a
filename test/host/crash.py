#!/usr/bin/env python3
# SPDX-License-Identifier: MPL-2.0
"""crash.py HOST-BINARY GUEST: a crash of the OS process is a panic that names the place, and the functions that led there."""
import os
import re
import signal
import subprocess
import sys
import time


def one(binary, guest, number):
    machine = subprocess.Popen([binary, "--smp", "1", "--initramfs", guest], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, text=True)
    tasks = f"/proc/{machine.pid}/task"
    end = time.monotonic() + 20
    while len(os.listdir(tasks)) < 4:  # boot is over: there are the event thread and others
        if time.monotonic() > end:
            sys.exit("FAIL the machine does not start")
        time.sleep(0.01)
    # The first thread is the only virtual CPU: in our own functions, or in the C library below them.
    subprocess.run([sys.executable, "-c", "import ctypes, sys; a = [int(x) for x in sys.argv[1:]]; "
                    "sys.exit(ctypes.CDLL(None).syscall(234, *a) != 0)", str(machine.pid), str(machine.pid), str(number)], check=True)
    try:
        text = machine.communicate(timeout=30)[0]
    finally:
        machine.kill()
    names = re.findall(r"^  0x[0-9a-f]{16} (\w+)\+0x", text, re.M)
    if f"panic: the OS process got signal {number} at " not in text or machine.returncode in (0, -number):
        sys.exit(f"FAIL no panic, status {machine.returncode}\n{text}")
    if not any("4ostd" in name for name in names) or any("on_crash" in name for name in names):
        sys.exit(f"FAIL the backtrace of signal {number} is not that of the crash\n{text}")


for sig in (signal.SIGILL, signal.SIGSEGV, signal.SIGFPE):
    one(*sys.argv[1:3], int(sig))
print("ok")
