# SPDX-License-Identifier: MPL-2.0
"""Programs of Debian: each script of test/programs prints the same on Linux, host and kernel, in the same root.

programs/linux/ROOT/*    the script comes to its end on Linux, with status 0
programs/host/ROOT/*     the host target prints what Linux printed
programs/kernel/ROOT/*   the kernel target does
The root `small` always, `full` with --full (or when asked for by name on a command line with --full).
"""
import dataclasses

from .. import machine, packages, programs, say, testing
from .conformance import difference

CONFIG = machine.Config("linux", None, smp=2)


class OnTarget(testing.Suite):
    def __init__(self, target, root):
        self.target, self.root = target, root
        self.name = f"programs/{target}/{root}"
        self.about = f"programs of Debian on {target}, root {root}"
        self.full_only = root != "small"
        self.order = 6
        self.build = ("apps/init", "apps/conf-runner") + {"host": ("albireo-host",), "kernel": ("albireo-kernel.elf",)}.get(target, ())

    def tests(self, full):
        if self.target != "linux":
            machine.binary(self.target)
        return [name.rpartition("/")[2] for name in programs.scripts(self.root)]

    def run(self, names, report, full):
        packages.ensure("rootfs")
        found = programs.scripts(self.root)
        chosen = [found[f"{self.root}/{name}"] for name in names]
        expected = programs.reference(self.root, chosen, CONFIG, say.progress)
        if self.target == "linux":
            for program, name in zip(chosen, names):
                outcome = expected[program.name]
                good = (outcome.how, outcome.value) == ("exit", 0)
                report(name, testing.PASS if good else testing.FAIL, "" if good else outcome.describe() + "\n" + outcome.output)
            return
        actual = programs.run(self.root, chosen, dataclasses.replace(CONFIG, target=self.target, append=("loglevel=5",)), say.progress)
        for program, name in zip(chosen, names):
            text = difference(expected[program.name], actual[program.name])
            report(name, testing.FAIL if text else testing.PASS, text)


def suites():
    return [OnTarget(target, root) for root in programs.SECONDS for target in ("linux", "host", "kernel")]
