# SPDX-License-Identifier: MPL-2.0
"""What `bench` measures: single runs of apps/bench and of boots on one system, without any comparison."""
import dataclasses
import os
import re
import subprocess
import time

from . import machine, paths, say

SILENT_SECONDS = 240
LINE = re.compile(rb"BENCH (\S+) (\d+) (\d+) (\d+)")
MEMORY = re.compile(rb"MEMORY (\S+) (\d+) (-?\d+) (-?\d+)")
LOCK = re.compile(rb"lockstat (\d+) (\d+)")


@dataclasses.dataclass(frozen=True)
class System:
    """One column: a system and how its machine is started."""
    name: str
    target: str               # native, or one of machine.TARGETS
    about: str
    mitigations: bool = False
    pinned: bool = False      # everything on one CPU of this computer
    smp: int = 2
    icount: bool = False
    isolated: bool = False    # host target: --isolated

    def config(self, image, options, command, **more):
        words = ("mitigations=off",) if self.target == "kernel" and not self.mitigations else ()
        settings = {"smp": self.smp, "memory": options.memory, "mitigations": self.mitigations, "machine": options.machine,
                    "accel": options.accel, "extra": ("-icount", "shift=0,sleep=off") if self.icount else ("--isolated",) if self.isolated else (),
                    "prefix": ("taskset", "-c", str(first_cpu())) if self.pinned else (),
                    "kernel": options.binaries.get(self.target)}
        return machine.Config(self.target, image, tuple(command), **{**settings, **more, "append": (*words, *more.get("append", ()))})


def first_cpu():
    return min(os.sched_getaffinity(0))


def _run(system, config, total=None):
    """The console lines of one machine that runs its command to the end; what came so far when it does not."""
    with machine.Machine(config) as guest:
        try:
            lines = list(guest.lines(SILENT_SECONDS, total))
        except TimeoutError as problem:
            say.warn(f"{system.name}: {problem}; figures so far are used. Its last words:\n{guest.tail(6)}")
            return guest.console
        if guest.status != 0:
            say.warn(f"{system.name}: ended with status {guest.status}. Its last words:\n{guest.tail(6)}")
        return lines


def operations(system, image, options, words):
    """{operation: [one value for each run]}: nanoseconds an operation, or instructions under icount."""
    if system.target == "native":
        folder = "/dev/shm" if os.access("/dev/shm", os.W_OK) else "/tmp"
        command = (["taskset", "-c", str(first_cpu())] if system.pinned else []) + [str(paths.APPS / "bench"), *words]
        lines = subprocess.run(command, check=True, capture_output=True,
                               env={**os.environ, "BENCH_DIR": folder}).stdout.split(b"\n")
    else:
        lines = _run(system, system.config(image, options, ("/usr/local/bin/bench", *words)))
    found = {}
    for line in lines:
        match = LINE.search(line)
        if match:
            count, nanoseconds, ticks = map(int, match.groups()[1:])
            found.setdefault(match.group(1).decode(), []).append((ticks if system.icount else nanoseconds) / count)
    return found


def boot(system, image, options, **more):
    """Seconds from the start of the process to a shell's first output, and MiB in use then by the system's /proc/meminfo."""
    config = system.config(image, options, ("sh", "-c", "echo ready; cat /proc/meminfo"), **more)
    with machine.Machine(config) as guest:
        seconds, fields = None, {}
        try:
            for line in guest.lines(60):
                if line.strip() == b"ready":
                    seconds = time.monotonic() - guest.started
                match = re.match(rb"(Mem\w+):\s+(\d+) kB", line)
                if match:
                    fields[match.group(1)] = int(match.group(2))
        except TimeoutError:
            pass
    used = (fields[b"MemTotal"] - fields[b"MemFree"]) / 1024 if {b"MemTotal", b"MemFree"} <= fields.keys() else None
    return seconds, used


def idle_memory(system, image, options, count):
    """{processes, threads: (kernel bytes, all bytes) for each}"""
    config = system.config(image, options, ("/usr/local/bin/bench-memory", "--count", str(count)), memory="512M")
    return {match.group(1).decode(): (int(match.group(3)) / int(match.group(2)), int(match.group(4)) / int(match.group(2)))
            for match in map(MEMORY.search, _run(system, config)) if match}


def lock_times(system, image, options):
    """{rank: nanoseconds}: the longest time a lock of this rank was held. By the build with the lock checker."""
    script = "/usr/local/bin/bench --repeat 1 --time 20; find / -type f | head -200 | xargs cat | md5sum; ls -lR /proc/self /dev > /dev/null"
    config = system.config(image, options, ("sh", "-c", script), append=("ostd.lockstat",), kernel=options.checked.get(system.target))
    return {int(match.group(1)): int(match.group(2)) for match in map(LOCK.search, _run(system, config)) if match}


def linux_mitigations(system, image, options):
    """What Linux says of itself: {bug: state}."""
    script = "mount -t sysfs sysfs /sys; cd /sys/devices/system/cpu/vulnerabilities && grep . *"
    lines = _run(system, system.config(image, options, ("sh", "-c", script)))
    return dict(line.decode(errors="replace").split(":", 1) for line in lines if b":" in line and b"\x1e" not in line)
