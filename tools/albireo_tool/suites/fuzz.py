# SPDX-License-Identifier: MPL-2.0
"""Fuzzers of apps/fuzz on both targets: the OS survives, gives all memory back, and stays within its memory budgets.

fuzz/host runs the host target under AddressSanitizer and UBSan. Each fuzzer runs twice, first for a moment: what is made once does
not count as kept.
"""
import dataclasses
import re

from .. import initramfs, machine, paths, say, testing

PROGRAMS = ("sysfuzz", "elffuzz", "forkbomb", "weigh")
SANITIZED = paths.BUILD / "albireo-host-asan"
COMPLAINTS = ("over budget", "AddressSanitizer", "runtime error", "LeakSanitizer", "panic")


@dataclasses.dataclass(frozen=True)
class Amount:
    calls: int
    programs: int
    seconds: int             # for the longest of them


AMOUNTS = {("host", False): Amount(100_000, 600, 300), ("host", True): Amount(1_000_000, 10_000, 3000),
           ("kernel", False): Amount(20_000, 200, 300), ("kernel", True): Amount(300_000, 3_000, 3000)}


def commands(amount):
    """{test: arguments of weigh}."""
    return {"syscalls": ("sysfuzz", "--seed", "2", "--calls", "5000", "--", "sysfuzz", "--calls", str(amount.calls)),
            "programs": ("elffuzz", "--seed", "2", "--count", "100", "--", "elffuzz", "--count", str(amount.programs)),
            "forkbombs": ("forkbomb", "--", "forkbomb")}


def judge(status, text):
    """What is wrong, or an empty text."""
    problems = [] if status == 0 else [f"exit status {status}"]
    if "\x1eM same" not in text:
        problems += [f"memory was not given back: {line[2:]}" for line in text.split("\n") if line.startswith("\x1eM")] or \
            ["nothing was said of memory"]
    lines = text.split("\n")
    problems += [line for line in lines if line.endswith("LOW")]
    problems += [line for line in lines if any(word in line for word in COMPLAINTS)]
    return "\n".join([*problems, "the end of the console:", text[-3000:]]) if problems else ""


class Fuzz(testing.Suite):
    order = 9

    def __init__(self, target):
        self.target = target
        self.name = f"fuzz/{target}"
        self.about = f"bad system calls, damaged programs and fork bombs on the {target} target"
        self.build = ("apps", "albireo-host-asan" if target == "host" else "albireo-kernel.elf")

    def _binary(self):
        if self.target == "kernel":
            return machine.binary("kernel")
        if not SANITIZED.exists():
            raise testing.NotBuilt(f"{SANITIZED.name} is not built")
        return SANITIZED

    def tests(self, full):
        self._binary()
        return list(commands(AMOUNTS[self.target, full]))

    def run(self, names, report, full):
        image = initramfs.base()
        for program in PROGRAMS:
            image.program("/usr/local/bin/" + program, paths.APPS / program)
        path, amount = image.write(), AMOUNTS[self.target, full]
        for name in names:
            config = machine.Config(self.target, path, ("weigh", *commands(amount)[name]), kernel=self._binary(),
                                    append=("albireo.testing", "loglevel=5"))
            status, text = machine.run(config, amount.seconds)
            for line in re.findall(r"^\d+ system calls, .*$", text, re.M)[1:]:
                say.progress(f"{self.name}: {line}")
            problem = judge(status, text)
            report(name, testing.FAIL if problem else testing.PASS, problem)


def suites():
    return [Fuzz("host"), Fuzz("kernel")]
