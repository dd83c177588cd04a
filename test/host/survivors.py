#!/usr/bin/env python3
# SPDX-License-Identifier: MPL-2.0
"""survivors.py HOST-BINARY GUEST: no stub process outlives the OS process, however and whenever that dies.

Each round starts the machine on a guest that forks all the time, kills one of its processes with SIGKILL at a random moment, and
waits for the rest to be gone. Stubs are told by their session, whose leader is the first of them.
"""
import os
import random
import signal
import subprocess
import sys
import time

LIMIT = 20  # seconds that the host may take on a busy machine
VICTIMS = ("process", "thread", "zygote", "stub", "terminate")


def stat_fields(pid):
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            return file.read().rpartition(b")")[2].split()
    except OSError:
        return None


def processes():
    """(pid, parent, session) of all that are not zombies."""
    for name in os.listdir("/proc"):
        if name.isdigit() and (fields := stat_fields(name)) and fields[0] not in (b"Z", b"X"):
            yield int(name), int(fields[1]), int(fields[3])


def stubs_of(parent):
    return [(pid, session) for pid, up, session in processes() if up == parent]


def until(condition, what):
    end = time.monotonic() + LIMIT
    while not condition():
        if time.monotonic() > end:
            sys.exit(f"FAIL {what}")
        time.sleep(0.005)


def one_round(command, victim, delay):
    machine = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until(lambda: len(stubs_of(machine.pid)) > 1 or machine.poll() is not None, "the machine has stub processes")
    time.sleep(delay)
    stubs = stubs_of(machine.pid)
    if not stubs:
        sys.exit(f"FAIL the guest was over after {delay:.3f} s: nothing was tested")
    session = stubs[0][1]
    try:
        if victim == "process":
            os.kill(machine.pid, signal.SIGKILL)
        elif victim == "terminate":
            os.kill(machine.pid, signal.SIGTERM)
        elif victim == "thread":
            os.kill(int(random.choice(os.listdir(f"/proc/{machine.pid}/task"))), signal.SIGKILL)
        elif victim == "zygote":
            os.kill(session, signal.SIGKILL)
        else:
            os.kill(random.choice(stubs)[0], signal.SIGKILL)
    except ProcessLookupError:
        pass  # it ended by itself meanwhile
    if victim == "stub":  # its guest process is lost, the machine goes on
        time.sleep(0.05)
        machine.kill()
    until(lambda: machine.poll() is not None, f"the OS process ends after a {victim} was killed")
    until(lambda: not any(s == session for _, _, s in processes()), f"no stub is left after a {victim} was killed at {delay:.3f} s")


def main():
    binary, guest = sys.argv[1:3]
    seed = int(os.environ.get("SEED", "0")) or random.SystemRandom().randrange(1, 1 << 30)
    random.seed(seed)
    print(f"SEED={seed}")
    for turn in range(25):
        command = [binary, "--smp", str(turn % 2 + 1), "--initramfs", guest, *(["--isolated"] if turn % 3 == 2 else [])]
        one_round(command, VICTIMS[turn % len(VICTIMS)], random.random() ** 2 * 0.3)
    print("no stub survived")


main()
