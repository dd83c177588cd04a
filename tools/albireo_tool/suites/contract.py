# SPDX-License-Identifier: MPL-2.0
"""Contract tests: what each ostd function promises, the same sources (test/contract) as a host program and a kernel image.

One boot runs all ordinary cases. A case during which the machine dies fails alone; those behind it get boots of their own.
A DEATH_CASE has a boot of its own and must end it by a panic.
"""
import re

from .. import conformance, machine, paths, testing

CASE = re.compile(r'^(TEST|LAST|DEATH)_CASE\("((?:[^"\\]|\\.)*)"\)', re.M)
SECONDS = 120
# What the panic must say where another one would come without the thing tested.
LAST_WORDS = {"writing beyond a local array": "stack smashing detected"}


def cases():
    """{name: kind}, kind TEST, LAST or DEATH, from the sources."""
    found = {}
    for path in sorted((paths.ROOT / "test" / "contract").rglob("*.cpp")):
        for kind, name in CASE.findall(path.read_text()):
            found[name.replace('\\"', '"')] = kind
    return found


def blob():
    """What the machine gets for an initramfs; test/contract/boot.cpp knows its bytes."""
    path = paths.CACHE / "contract-initramfs"
    if not path.exists():
        paths.CACHE.mkdir(parents=True, exist_ok=True)
        path.write_bytes(bytes(i % 251 for i in range(300_000)))
    return path


class Contract(testing.Suite):
    REPORTS = "sanitizer reports"
    about = "what ostd promises"
    order = 30

    def __init__(self, target, variant="", smp=2):
        self.target = target
        self.smp = smp
        self.sanitized = variant != ""
        self.full_only = self.sanitized
        self.name = f"contract/{target}" + (f"-{variant}{smp}" if variant else "")
        image = "test/contract/contract-host" + (f"-{variant}" if variant else "")
        self.image = paths.BUILD / (image if target == "host" else "contract-kernel.elf")
        self.build = (str(self.image.relative_to(paths.BUILD)),)

    def tests(self, full):
        if not self.image.exists():
            raise testing.NotBuilt(f"{self.image.name} is not built")
        if not self.sanitized:
            return list(cases())
        # A sanitizer has its own way to end a process that is beyond help.
        return [*(name for name, kind in cases().items() if kind != "DEATH"), self.REPORTS]

    def _boot(self, words):
        """({case: problem or ""}, status, the console's text)"""
        config = machine.Config(self.target, blob(), kernel=self.image, smp=self.smp, append=tuple(words),
                                machine="q35")
        status, text = machine.run(config, SECONDS)
        if any(word in text for word in conformance.SANITIZERS):
            self.reports += text[-6000:]
        results = {}
        for line in text.split("\n"):
            match = re.match(r"\s*(ok|FAIL) (.*)$", line)
            if match and match.group(1) == "ok":
                results[match.group(2)] = ""
            elif match:
                name, _, problem = match.group(2).partition(": ")
                results[name] = problem or "it failed"
        return results, status, text

    def run(self, names, report, full):
        self.reports = ""
        self._cases([name for name in names if name != self.REPORTS], report)
        if self.REPORTS in names:
            report(self.REPORTS, testing.FAIL if self.reports else testing.PASS, self.reports)

    def _cases(self, names, report):
        kinds = cases()
        ordinary = [name for name in names if kinds[name] != "DEATH"]
        for name in names:
            if kinds[name] == "DEATH":
                self._death(name, report)
        alone = len(ordinary) < 4
        while ordinary:
            # A blank ends a word of the command line; `_` in a glob also means a blank.
            results, status, text = self._boot([f"contract={ordinary[0].replace(' ', '_')}"] if alone else [])
            finished = [name for name in ordinary if name in results]
            if len(finished) == len(ordinary) and status != 0 and not any(results.values()):
                results[finished[-1]] = f"after all cases: exit status {status}\n{text[-2000:]}"
            for name in finished:
                ordinary.remove(name)
                report(name, testing.FAIL if results[name] else testing.PASS, results[name])
            missing = [name for name in ordinary if name not in results]
            if missing and not finished:
                name = missing[0]
                ordinary.remove(name)
                report(name, testing.FAIL, f"no result; exit status {status}\n{text[-3000:]}")
            elif missing:
                alone = True

    def _death(self, name, report):
        results, status, text = self._boot([f"contract=death:{name.replace(' ', '_')}"])
        died = status != 0 and name not in results and LAST_WORDS.get(name, "panic") in text.lower()
        report(name, testing.PASS if died else testing.FAIL, "" if died else f"no panic; exit status {status}\n{text[-2000:]}")


def suites():
    return [Contract("host"), Contract("kernel"), Contract("host", "tsan", 1), Contract("host", "tsan", 2)]
