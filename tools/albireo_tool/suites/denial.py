# SPDX-License-Identifier: MPL-2.0
"""Denial sweep: apps/denial refuses each reservation of memory that a system call makes, one after the other.

The call must fail with ENOMEM (or what Linux documents), change nothing, keep no memory, and succeed when it is made again.
"""
import subprocess

from .. import initramfs, machine, paths, testing

PROGRAM = "denial"
SILENT_SECONDS = 60


class Denial(testing.Suite):
    order = 28

    def __init__(self, target):
        self.target = target
        self.name = f"denial/{target}"
        self.about = "system calls when memory is refused"
        self.build = ("apps", "albireo-host" if target == "host" else "albireo-kernel.elf")

    def tests(self, full):
        machine.binary(self.target)
        program = paths.APPS / PROGRAM
        if not program.exists():
            raise testing.NotBuilt(f"{program.name} is not built")
        return subprocess.run([program, "--list"], capture_output=True, text=True, check=True).stdout.split()

    def run(self, names, report, full):
        image = initramfs.base()
        image.program("/usr/local/bin/" + PROGRAM, paths.APPS / PROGRAM)
        image, left = image.write(), list(names)
        while left:
            config = machine.Config(self.target, image, (PROGRAM, *left), append=("albireo.testing", "loglevel=5"))
            left = self._boot(config, left, report)

    @staticmethod
    def _boot(config, left, report):
        """Runs these; a machine that dies fails the test that ran. The tests still to be run."""
        running, said = None, []
        with machine.Machine(config) as guest:
            problem = "the machine ended"
            try:
                while (line := guest.line(SILENT_SECONDS)) is not None:
                    text = line.decode(errors="replace")
                    _, mark, record = text.partition("\x1e")
                    if not mark:
                        said.append(text)
                        continue
                    kind, name, *rest = record.split(" ", 2)
                    if kind == "B":
                        running, said = name, []
                    elif kind == "T" and name in left:
                        how, _, detail = " ".join(rest).partition(" ")
                        if any("over budget" in text for text in said):
                            how, detail = "FAIL", "more memory was used than reserved"
                        left, running = [n for n in left if n != name], None
                        if how == "absent":
                            report(name, testing.SKIP, "no-call: " + detail)
                        else:
                            report(name, testing.PASS if how == "ok" else testing.FAIL, "\n".join([detail, *said[-60:]]))
            except TimeoutError as silence:
                problem = str(silence)
            if left:
                failed = running if running in left else left[0]
                report(failed, testing.FAIL, f"{problem}; its last words:\n{guest.tail(25)}")
                left = [name for name in left if name != failed]
        return left


def suites():
    return [Denial("host"), Denial("kernel")]
