# SPDX-License-Identifier: MPL-2.0
"""Conformance: each program of apps/conformance prints what it observes; Linux, host and kernel must print the same.

conformance/linux/*    the program comes to an end on Linux (with --full: a second run prints the same)
conformance/host/*     the host target prints what Linux printed
conformance/kernel/*   the kernel target does
conformance/kernel-pti/*  so does the kernel target with page-table isolation (families that cross the user border in
                       many ways; with --full all)
conformance/host-isolated/*  so does the host target with --isolated
conformance/host-asan/*, conformance/host-tsan/*  so does the host target under sanitizers, which have nothing to report
conformance/T/memory/* of all programs that ran: each gave its memory back (frames), and none made the OS use more memory
                       than it had reserved (budgets)
sensitivity/*          on Linux, with one system call of the program's "Covers:" line failing with ENOSYS, the output differs:
                       otherwise the program would be no test of that call
"""
import dataclasses
import difflib

import linux_abi

from .. import conformance, machine, paths, say, testing

CONFIG = machine.Config("linux", None, smp=2, memory="256M")


def on_albireo(target):
    return dataclasses.replace(CONFIG, target=target, append=("albireo.testing", "loglevel=5"))


def difference(expected, actual):
    """What differs, as text; empty when nothing does."""
    lines = []
    if (expected.how, expected.value) != (actual.how, actual.value):
        lines.append(f"Linux: {expected.describe()}; here: {actual.describe()}")
    if actual.how == "machine":
        return "\n".join([*lines, actual.output])
    if expected.output != actual.output:
        lines += difflib.unified_diff(expected.output.split("\n"), actual.output.split("\n"), "Linux", "here", lineterm="",
                                      n=2)
    return "\n".join(lines[:60])


class OnTarget(testing.Suite):
    MEMORY = ("memory/budgets", "memory/frames")

    def __init__(self, target):
        self.target = target
        self.name = f"conformance/{target}"
        self.about = f"apps/conformance on the {target} target against Linux"
        self.order = 8
        self.build = ("apps", "albireo-host" if target == "host" else "albireo-kernel.elf")

    def config(self):
        machine.binary(self.target)
        return on_albireo(self.target)

    @staticmethod
    def frames(memory):
        """What is left behind, or an empty text."""
        left = [f"{name}: {text}" for name, text in memory.items() if text != "same"]
        return "\n".join(left) if memory else "no program was weighed"

    def tests(self, full):
        self.config()
        return [*conformance.programs(), *self.MEMORY]

    def run(self, names, report, full):
        found = conformance.programs()
        weighed = [name for name in names if name in self.MEMORY]
        names = [name for name in names if name not in self.MEMORY]
        chosen = [found[name] for name in names] or list(found.values())
        # Ours first: until then another suite may have asked Linux.
        actual, seen = self.outcomes(chosen, found)
        for name in weighed:
            text = self.frames(seen.memory) if name == "memory/frames" else seen.over_budget
            report(name, testing.FAIL if text else testing.PASS, text)
        expected = conformance.reference(chosen, CONFIG, say.progress) if names else {}
        for name in names:
            text = difference(expected[name], actual[name])
            report(name, testing.FAIL if text else testing.PASS, text)
        self.judge_noise(seen.noise, report)

    def outcomes(self, chosen, found):
        """({name: Outcome}, Seen) of the chosen ones of all that are found."""
        if len(chosen) == len(found):
            return conformance.run_all(self.config(), say.progress)
        seen = conformance.Seen()
        return conformance.run(chosen, self.config(), say.progress, seen), seen

    def judge_noise(self, noise, report):
        pass


class Sanitized(OnTarget):
    """The host target under a sanitizer; programs that ran while it reported something are named in the test "reports"."""

    seconds = 60
    REPORTS = "sanitizer/reports"

    def __init__(self, variant, full_only):
        super().__init__("host")
        self.binary = paths.BUILD / f"albireo-host-{variant}"
        self.name = f"conformance/host-{variant}"
        self.about = f"apps/conformance on albireo-host-{variant} against Linux"
        self.full_only = full_only
        self.build = ("apps", self.binary.name)

    def config(self):
        if not self.binary.exists():
            raise testing.NotBuilt(f"{self.binary.name} is not built")
        return dataclasses.replace(CONFIG, target="host", kernel=self.binary, append=("albireo.testing", "loglevel=5"))

    def tests(self, full):
        return [*super().tests(full), self.REPORTS]

    def run(self, names, report, full):
        self.asked = self.REPORTS in names
        super().run([name for name in names if name != self.REPORTS], report, full)

    def outcomes(self, chosen, found):
        seen = conformance.Seen()
        return conformance.run(chosen, self.config(), say.progress, seen, self.seconds), seen

    def judge_noise(self, noise, report):
        text = "\n".join(f"during {name or 'the start'}:\n{said[:6000]}" for name, said in noise.items())
        if self.asked:
            report(self.REPORTS, testing.FAIL if text else testing.PASS, text)


class Isolated(OnTarget):
    full_only = True

    def __init__(self):
        super().__init__("host")
        self.name = "conformance/host-isolated"
        self.about = "apps/conformance on albireo-host --isolated against Linux"

    def config(self):
        return dataclasses.replace(super().config(), extra=("--isolated",))

    def tests(self, full):
        return [name for name in super().tests(full) if name not in self.MEMORY]

    def outcomes(self, chosen, found):
        seen = conformance.Seen()
        return conformance.run(chosen, self.config(), say.progress, seen), seen


class PageTableIsolation(OnTarget):
    FAMILIES = ("exec", "fpu", "mm", "signals", "threads")

    def __init__(self):
        super().__init__("kernel")
        self.name = "conformance/kernel-pti"
        self.about = "apps/conformance on the kernel target with pti=on against Linux"

    def config(self):
        config = super().config()
        return dataclasses.replace(config, append=(*config.append, "pti=on"))

    def tests(self, full):
        return [name for name in super().tests(full) if full or name in self.MEMORY or name.split("/")[0] in self.FAMILIES]

    def outcomes(self, chosen, found):
        seen = conformance.Seen()  # a boot of its own, even when all programs are asked for
        return conformance.run(chosen, self.config(), say.progress, seen), seen


class OnLinux(testing.Suite):
    name = "conformance/linux"
    about = "apps/conformance come to an end on Linux"
    order = 12
    build = ("apps",)

    def tests(self, full):
        return list(conformance.programs())

    def run(self, names, report, full):
        found = conformance.programs()
        chosen = [found[name] for name in names]
        outcomes = conformance.reference(chosen, CONFIG, say.progress)
        again = conformance.run(chosen, dataclasses.replace(CONFIG, smp=1), say.progress) if full else {}
        for name in names:
            outcome = outcomes[name]
            if outcome.how not in ("exit", "signal"):
                report(name, testing.FAIL, f"{outcome.describe()}\n{outcome.output[-2000:]}")
            elif not outcome.output:
                report(name, testing.FAIL, "printed nothing")
            elif name in again and again[name] != outcome:
                report(name, testing.FAIL, "two runs on Linux differ\n" + difference(outcome, again[name]))
            else:
                report(name, testing.PASS)


class Sensitivity(testing.Suite):
    name = "sensitivity"
    about = "a conformance program notices when a system call it covers is missing"
    order = 5  # with nothing in the cache the longest of all
    build = ("apps",)
    NEVER_USED = 999

    def _covered(self):
        numbers = {call: number for number, call in enumerate(linux_abi.names())}
        found = {}
        for name, program in conformance.programs().items():
            for line in linux_abi.COVERS.findall(program.source.read_text()):
                for call in line.split():
                    found[f"{name}!{call}"] = (program, numbers.get(call))
        return found

    def tests(self, full):
        return list(self._covered())

    def run(self, names, report, full):
        covered = self._covered()
        denied, plain = {}, {}
        for name in names:
            program, number = covered[name]
            if number is None:
                report(name, testing.FAIL, "Linux has no system call of this name")
                continue
            denied[name] = dataclasses.replace(program, name=name, deny=number)
            # The filter itself changes a little (no_new_privs), so the comparison has one too.
            plain[program.name] = dataclasses.replace(program, name=program.name + "!", deny=self.NEVER_USED)
        outcomes = conformance.reference([*plain.values(), *denied.values()], CONFIG, say.progress)
        for name in denied:
            usual = outcomes[covered[name][0].name + "!"]
            if usual.how not in ("exit", "signal"):
                report(name, testing.FAIL, f"without the denial: {usual.describe()}\n{usual.output[-1000:]}")
            elif outcomes[name] == usual:
                report(name, testing.FAIL, "the output is the same when the call fails with ENOSYS")
            else:
                report(name, testing.PASS)


def suites():
    return [OnLinux(), Sensitivity(), OnTarget("host"), OnTarget("kernel"), PageTableIsolation(), Isolated(), Sanitized("asan", False), Sanitized("tsan", True)]
