# SPDX-License-Identifier: MPL-2.0
"""Boot matrix: machine types, numbers of CPUs and amounts of memory in QEMU, and CPUs and memory of the host target.

A boot counts when a shell has counted the CPUs, found the memory, and its exit status has come through.
"""
import itertools
import os
import re

from .. import initramfs, machine, testing

MACHINES, CPUS, MEMORY = ("microvm", "q35", "pc"), (1, 2, 4, 8), ("64M", "512M", "4G")
# Each machine with each value at least once, and the corners.
QUICK = {("microvm", 1, "64M"), ("microvm", 4, "512M"), ("microvm", 8, "4G"), ("q35", 1, "512M"), ("q35", 2, "4G"),
         ("q35", 8, "64M"), ("pc", 1, "4G"), ("pc", 2, "64M"), ("pc", 4, "512M")}
# With page tables of their own for user mode: by the word, or because the processor has Meltdown.
ISOLATED = {("microvm", 4, "512M", "max", "pti=on"), ("q35", 1, "512M", "qemu64", "pti=on"), ("pc", 2, "64M", "Skylake-Client-v3", "")}
HOST = {(1, "64M"), (2, "512M"), (8, "4G")}
STATUS = 203
SCRIPT = f"echo cpus $(nproc); grep MemTotal /proc/meminfo; echo $(grep -m1 -ow pti /proc/cpuinfo); exit {STATUS}"
SECONDS = 60


def mebibytes(text):
    return int(text[:-1]) * (1024 if text.endswith("G") else 1)


def free_mebibytes():
    with open("/proc/meminfo") as file:
        return int(re.search(r"MemAvailable:\s+(\d+)", file.read()).group(1)) // 1024


def judge(status, text, cpus, memory, isolated=False):
    """What is wrong with this boot, or an empty text."""
    problems = []
    if status != STATUS:
        problems.append(f"exit status {status} instead of {STATUS}")
    if f"cpus {cpus}" not in text.split("\n"):
        problems.append(f"no line `cpus {cpus}`")
    # Both what the log says when isolation is on and the processor's flag, or neither.
    if ("page tables isolation: enabled" in text, "pti" in text.split("\n")) != (isolated, isolated):
        problems.append(f"page-table isolation is not {'on' if isolated else 'off'}")
    found = re.search(r"MemTotal:\s+(\d+) kB", text)
    total = int(found.group(1)) / 1024 if found else 0
    if not 0.7 * mebibytes(memory) <= total <= mebibytes(memory):
        problems.append(f"MemTotal is {total:.0f} MiB of {memory}")
    return "\n".join([*problems, "console:", text[-3000:]]) if problems else ""


class Boot(testing.Suite):
    about = "machine types, CPUs and memory"
    order = 30

    def __init__(self, target):
        self.target = target
        self.name = f"boot/{target}"
        self.build = ("apps/init", "albireo-host" if target == "host" else "albireo-kernel.elf")

    def _configurations(self, full):
        if self.target == "host":
            return {f"{cpus}cpu-{memory}": ("", cpus, memory, "", "") for cpus, memory in
                    (itertools.product(CPUS, MEMORY) if full else sorted(HOST))}
        chosen = [*itertools.product(MACHINES, CPUS, MEMORY), *itertools.product(MACHINES, (2,), ("8G",))] if full else sorted(QUICK)
        isolated = {f"{name}-{cpus}cpu-{memory}-pti-{processor}": (name, cpus, memory, processor, words)
                    for name, cpus, memory, processor, words in sorted(ISOLATED)}
        return {f"{name}-{cpus}cpu-{memory}": (name, cpus, memory, "", "") for name, cpus, memory in chosen} | isolated

    def tests(self, full):
        machine.binary(self.target)
        return list(self._configurations(full))

    def run(self, names, report, full):
        image = initramfs.base().write()
        configurations = self._configurations(full)
        for name in names:
            kind, cpus, memory, processor, words = configurations[name]
            if free_mebibytes() < min(mebibytes(memory), 1024) + 256:
                report(name, testing.SKIP, f"memory: {free_mebibytes()} MiB are free")
                continue
            config = machine.Config(self.target, image, ("sh", "-c", SCRIPT), smp=cpus, memory=memory,
                                    machine=kind or "q35", append=("loglevel=7", words), extra=("-cpu", processor) if processor else ())
            text = judge(*machine.run(config, SECONDS), cpus, memory, bool(processor))
            report(name, testing.FAIL if text else testing.PASS, text)


def suites():
    return [Boot("host"), Boot("kernel")]
