# SPDX-License-Identifier: MPL-2.0
"""`bench`: the same program (apps/bench) on Albireo's targets, on Linux in the same QEMU, natively and on User-Mode Linux.

Prints medians side by side, and the ratios the project is measured by. Nothing is asserted: these are figures, not tests.
"""
import os
import re
import shutil
import statistics
import subprocess
import time

from . import build, initramfs, linux_kernel, machine, packages, paths, say

SYSTEMS = ("native", "uml", "host", "linux", "linux-mitigated", "kernel")
# Two systems and the direction of the ratio: below 1 the first one is faster.
RATIOS = (("kernel", "linux"), ("kernel", "linux-mitigated"), ("host", "native"), ("host", "uml"))
PARALLEL = {"getppid*2": "getppid", "fault-seq*2": "fault-seq", "file*2": "file"}
SILENT_SECONDS = 180
LINE = re.compile(rb"BENCH (\S+) (\d+) (\d+) (\d+)")


def _config(system, image, options, icount):
    return machine.Config(
        {"linux-mitigated": "linux"}.get(system, system), image, smp=1 if icount else options.smp,
        memory=options.memory, mitigations=system == "linux-mitigated", machine=options.machine, accel=options.accel,
        extra=("-icount", "shift=0,sleep=off") if icount else (), prefix=("taskset", "-c", "0") if options.pinned else ())


def _arguments(options, icount):
    words = ["--repeat", str(options.repeat)]
    if options.only:
        words += ["--only", options.only]
    # Under icount time is the number of instructions, so that a fixed amount of work says all.
    return words + (["--count", "200", "--repeat", "1"] if icount else [])


def _native(options):
    folder = "/dev/shm" if os.access("/dev/shm", os.W_OK) else "/tmp"
    command = (["taskset", "-c", "0"] if options.pinned else []) + [str(paths.APPS / "bench"), *_arguments(options, False)]
    return subprocess.run(command, check=True, capture_output=True, env={**os.environ, "BENCH_DIR": folder}).stdout.split(b"\n")


def _measure(system, image, options, icount=False):
    """{operation: value for one operation}: nanoseconds (median), or instructions under icount."""
    if system == "native":
        lines = _native(options)
    else:
        config = _config(system, image, options, icount)
        config.command = ("/usr/local/bin/bench", *_arguments(options, icount))
        with machine.Machine(config) as guest:
            try:
                lines = list(guest.lines(SILENT_SECONDS))
            except TimeoutError as problem:
                say.warn(f"{system}: {problem}; figures so far are used. Its last words:\n{guest.tail(6)}")
                lines = guest.console
            else:
                if guest.status != 0:
                    say.warn(f"{system}: ended with status {guest.status}. Its last words:\n{guest.tail(6)}")
    values = {}
    for line in lines:
        match = LINE.search(line)
        if match:
            count, nanoseconds, ticks = map(int, match.groups()[1:])
            values.setdefault(match.group(1).decode(), []).append((ticks if icount else nanoseconds) / count)
    return {name: statistics.median(samples) for name, samples in values.items()}


def _boot(system, image, options):
    """Seconds from start to a shell's first output, and MiB in use then, by the system's own /proc/meminfo."""
    config = _config(system, image, options, False)
    config.command = ("sh", "-c", "echo ready; cat /proc/meminfo")
    seconds, used = [], None
    for _ in range(max(3, options.repeat)):
        with machine.Machine(config) as guest:
            fields = {}
            try:
                for line in guest.lines(60):
                    if line.strip() == b"ready":
                        seconds.append(time.monotonic() - guest.started)
                    match = re.match(rb"(Mem\w+):\s+(\d+) kB", line)
                    if match:
                        fields[match.group(1)] = int(match.group(2))
            except TimeoutError:
                continue
            if {b"MemTotal", b"MemFree"} <= fields.keys():
                used = (fields[b"MemTotal"] - fields[b"MemFree"]) / 1024
    return statistics.median(seconds) if seconds else None, used


def _number(value, unit=1000):
    if value is None:
        return "-"
    value /= unit
    return f"{value:.3f}" if value < 1 else f"{value:.2f}" if value < 100 else f"{value:.0f}"


def _table(title, head, rows):
    widths = [max(len(str(row[i])) for row in [head, *rows]) for i in range(len(head))]
    print(f"\n{title}")
    for row in (head, *rows):
        print("  " + "  ".join(str(cell).ljust(w) if i == 0 else str(cell).rjust(w)
                               for i, (cell, w) in enumerate(zip(row, widths))).rstrip())


def _ratio(values, name, a, b):
    x, y = values.get(a, {}).get(name), values.get(b, {}).get(name)
    return f"{x / y:.2f}" if x and y else "-"


def _print_operations(title, values, unit):
    names = list(dict.fromkeys(name for column in values.values() for name in column))
    pairs = [(a, b) for a, b in RATIOS if a in values and b in values]
    head = ["operation", *values, *(f"{a}/{b}" for a, b in pairs)]
    _table(title, head, [[name, *(_number(column.get(name), unit) for column in values.values()),
                          *(_ratio(values, name, a, b) for a, b in pairs)] for name in names])


def _print_scaling(values):
    """Throughput of two processes against one: the time for one operation shrinks to a half at best."""
    rows = [[one, *(f"{column[one] / column[two]:.2f}" if one in column and two in column else "-"
                    for column in values.values())] for two, one in PARALLEL.items()]
    if any(cell != "-" for row in rows for cell in row[1:]):
        _table("throughput of two processes, as a multiple of one", ["operation", *values], rows)


def _available(options):
    unknown = set(options.systems) - set(SYSTEMS)
    if unknown:
        raise say.ToolError(f"unknown system {', '.join(sorted(unknown))}", "choose of: " + " ".join(SYSTEMS))
    wanted = [system for system in SYSTEMS if not options.systems or system in options.systems]
    present = {"kernel": paths.KERNEL.exists(), "host": paths.HOST.exists(), "uml": shutil.which("linux.uml") is not None}
    for system in wanted:
        if not present.get(system, True):
            if options.systems:
                machine.command_line(machine.Config(system, "/"))  # raises the error that says what to do
            say.progress(f"{system}: not there, left out")
    return [system for system in wanted if present.get(system, True)]


def bench(options):
    if not options.no_build:
        packages.ensure("build", "run", "bench")
        build.configure()
        build.ninja(sorted({"apps/bench", "apps/init", "albireo-kernel.elf", "albireo-host"} & build.known_targets()))
    systems = _available(options)
    image = initramfs.base().write()
    values, boots, instructions = {}, {}, {}
    for system in systems:
        say.progress(f"measuring {system}")
        values[system] = _measure(system, image, options)
        if system != "native" and not options.only:
            boots[system] = _boot(system, image, options)
    for system in systems if options.icount else ():
        if system in ("linux", "linux-mitigated", "kernel"):
            say.progress(f"counting instructions of {system}")
            instructions[system] = _measure(system, image, options, icount=True)
    _report(options, values, boots, instructions)
    return 0


def _report(options, values, boots, instructions):
    where = "one CPU of this computer" if options.pinned else f"{os.cpu_count()} CPUs of this computer"
    print(f"{where}; machines: {options.smp} CPUs, {options.memory}; QEMU: {options.machine}, {options.accel}; "
          f"Linux {linux_kernel.find()[1] if 'linux' in values else '-'}; medians of {options.repeat}")
    _print_operations("microseconds an operation", values, 1000)
    _print_scaling(values)
    if instructions:
        _print_operations("instructions an operation (QEMU -icount, one CPU)", instructions, 1)
    if boots:
        _table("boot", ["system", "to a shell, s", "memory in use then, MiB"],
               [[system, _number(seconds, 1), _number(used, 1)] for system, (seconds, used) in boots.items()])
    if paths.KERNEL.exists():
        stripped = subprocess.run(["llvm-strip-19", "-o", "-", paths.KERNEL], capture_output=True).stdout
        print(f"\nkernel image: {paths.KERNEL.stat().st_size / 2**20:.2f} MiB, "
              f"without symbols {len(stripped) / 2**20:.2f} MiB")
