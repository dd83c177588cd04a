# SPDX-License-Identifier: MPL-2.0
"""Images that test the kernel target itself (test/boot): its border to user mode, and what the processor refuses to OS code."""
import re

from .. import machine, paths, testing

SECONDS = 60
# What each attempt of protection.elf makes the kernel say: vector 14 with the error code of the access [sdm3 4.7].
FORBIDDEN = {
    "write-text": "page fault (vector 14), error code 0x3",
    "write-constants": "page fault (vector 14), error code 0x3",
    "execute-data": "page fault (vector 14), error code 0x11",
    "execute-constants": "page fault (vector 14), error code 0x11",
    "execute-stack": "page fault (vector 14), error code 0x11",
    "null": "page fault (vector 14), error code 0x0",
    "overflow": "The kernel stack has overflowed.",
    "read-user": "page fault (vector 14), error code 0x1",
    "write-user": "page fault (vector 14), error code 0x3",
    "execute-user": "page fault (vector 14), error code 0x11",
}
PANIC = 101
GUARD = re.compile(r"stack guard: ([0-9a-f]{16})")


def _runs():
    """{test: (image, words, CPUs, machine, status, text, processor if not QEMU's max)}"""
    runs = {}
    for kind, cpus in (("pc", 1), ("q35", 4), ("microvm", 2)):
        runs[f"smoke-{kind}-{cpus}cpu"] = ("boot-smoke", "", cpus, kind, 0, f"cpu {cpus - 1} runs")
        runs[f"user-border-{kind}-{cpus}cpu"] = ("user-border", "", cpus, kind, 0, "user-border: passed")
        runs[f"protection-{kind}-{cpus}cpu"] = ("protection", "", cpus, kind, 0, "protection: passed")
    # TCG has no processor with PCIDs. Skylake has Meltdown, so it is isolated without a word; EPYC divides on its way to user mode.
    for processor, words, cpus in (("max", "pti=on", 1), ("max", "pti=on", 4), ("qemu64", "pti=on", 2), ("Skylake-Client-v3", "", 2),
                                   ("Skylake-Client-v3", "nopti", 2), ("EPYC", "", 2)):
        for image in ("user-border", "protection"):
            runs[f"{image}-{processor}-{words or 'auto'}-{cpus}cpu"] = (image, words, cpus, "q35", 0, f"{image}: passed", processor)
    for name, text in FORBIDDEN.items():
        runs[f"forbidden-{name}"] = ("protection", f"protect={name}", 2, "microvm", PANIC, text)
    return runs


def _stack_guards():
    """Two boots have different stack guards, whose lowest byte is zero."""
    config = machine.Config("kernel", None, kernel=paths.BUILD / "protection.elf", append=("show=stack-guard",), smp=1, machine="microvm")
    texts = [machine.run(config, SECONDS)[1] for _ in range(2)]
    found = [GUARD.findall(text) for text in texts]
    good = found[0] != found[1] and all(len(guards) == 1 and guards[0].endswith("00") for guards in found)
    return testing.PASS if good else testing.FAIL, "" if good else f"found {found}\n{texts[1][-1500:]}"


class KernelImages(testing.Suite):
    about = "the kernel target's border to user mode, and its protection"
    order = 30
    name = "images/kernel"
    build = ("boot-smoke.elf", "user-border.elf", "protection.elf")

    def tests(self, full):
        for name in self.build:
            if not (paths.BUILD / name).exists():
                raise testing.NotBuilt(f"{name} is not built")
        return [*_runs(), "stack-guard"]

    def run(self, names, report, full):
        runs = _runs()
        for name in names:
            if name == "stack-guard":
                report(name, *_stack_guards())
                continue
            image, words, cpus, kind, status, wanted, *processor = runs[name]
            config = machine.Config("kernel", None, kernel=paths.BUILD / f"{image}.elf", append=(words,) if words else (),
                                    smp=cpus, machine=kind, extra=("-cpu", *processor) if processor else ())
            got, text = machine.run(config, SECONDS)
            good = got == status and wanted in text
            report(name, testing.PASS if good else testing.FAIL,
                   "" if good else f"status {got} instead of {status}, or no `{wanted}`\n{text[-2500:]}")


def suites():
    return [KernelImages()]
