# SPDX-License-Identifier: MPL-2.0
"""Looks for memory of the OS in what system calls write (apps/testing/leaks.c): nothing comes out through padding or short reads."""
import re

from .. import initramfs, machine, paths, testing

PROGRAM = "leaks"
SECONDS = 120
RESULT = re.compile(r"leaks: (\d+) of (\d+)")
FEWEST = 100  # calls looked at: fewer means that the program did not do its work


class Leaks(testing.Suite):
    order = 28

    def __init__(self, target):
        self.target = target
        self.name = f"leaks/{target}"
        self.about = "nothing of the OS's memory in what system calls write"
        self.build = ("apps", "albireo-host" if target == "host" else "albireo-kernel.elf")

    def tests(self, full):
        machine.binary(self.target)
        if not (paths.APPS / PROGRAM).exists():
            raise testing.NotBuilt(f"{PROGRAM} is not built")
        return ["planted-secret"]

    def run(self, names, report, full):
        image = initramfs.base()
        image.program("/usr/local/bin/" + PROGRAM, paths.APPS / PROGRAM)
        config = machine.Config(self.target, image.write(), ("/usr/local/bin/" + PROGRAM,), append=("albireo.testing",))
        status, text = machine.run(config, SECONDS)
        match = RESULT.search(text)
        good = status == 0 and match and int(match.group(1)) == 0 and int(match.group(2)) >= FEWEST
        report(names[0], testing.PASS if good else testing.FAIL, "" if good else f"status {status}\n{text[-3000:]}")


def suites():
    return [Leaks("host"), Leaks("kernel")]
