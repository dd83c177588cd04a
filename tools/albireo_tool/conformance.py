# SPDX-License-Identifier: MPL-2.0
"""Runs conformance programs in a machine by apps/runner and collects what each printed and how it ended.

One boot runs as many programs as it can. A program during which the machine dies or falls silent fails alone: the next
boot goes on behind it. Linux's outcomes are kept in the build directory.
"""
import base64
import binascii
import dataclasses
import hashlib
import json
import zlib

from . import initramfs, linux_kernel, machine, paths, say

PROGRAM_SECONDS = 20
SILENT_SECONDS = 75      # longer than any program may take in the guest
BOOT_SECONDS = 60


@dataclasses.dataclass(frozen=True)
class Outcome:
    how: str             # exit, signal, timeout, norun; machine: the machine ended or fell silent
    value: int
    output: str

    def describe(self):
        return {"exit": f"exit status {self.value}", "signal": f"killed by signal {self.value}",
                "timeout": f"not finished after {self.value} s", "norun": f"could not be started (errno {self.value})",
                "machine": "the machine ended or fell silent"}[self.how]


def programs():
    """{name: (source, path of what goes into the image)}: C programs by family, and shell scripts."""
    found = {}
    for source in sorted(paths.CONFORMANCE.glob("*/*.c")):
        name = f"{source.parent.name}/{source.stem}"
        found[name] = (source, paths.APPS / f"conf.{source.parent.name}.{source.stem}")
    for source in sorted(paths.CONFORMANCE.glob("scripts/*.sh")):
        found[f"scripts/{source.stem}"] = (source, source)
    return found


def image(names, found=None):
    """An initramfs with these programs below /conf and their list."""
    found = found or programs()
    result = initramfs.base()
    listing = []
    for name in names:
        built = found[name][1]
        if not built.exists():
            raise say.ToolError(f"{built.relative_to(paths.BUILD)} is not built", "run `tools/albireo build`")
        guest = f"/conf/{name}" + (".sh" if name.startswith("scripts/") else "")
        result.program(guest, built)
        listing.append(guest)
    result.file("/conf/list", "\n".join(listing) + "\n")
    return result.write()


class _Collector:
    """Understands the runner's records."""

    def __init__(self, count):
        self.count = count
        self.running = None      # number of the program begun last
        self.data = b""
        self.outcomes = {}
        self.damaged = set()
        self.finished = False

    def feed(self, line):
        at = line.find(b"\x1e")
        if at < 0:
            return
        fields = line[at + 1:].decode("ascii", "replace").split(" ")
        try:
            kind, number = fields[0], int(fields[1])
            if kind == "B":
                self.running, self.data = number, b""
            elif kind == "D" and number == self.running:
                self.data += base64.b64decode(fields[2], validate=True)
            elif kind == "E" and number == self.running:
                how, value, size, crc = fields[2], int(fields[3]), int(fields[4]), int(fields[5], 16)
                if len(self.data) == size and zlib.crc32(self.data) == crc:
                    self.outcomes[number] = Outcome(how, value, self.data.decode("utf-8", "backslashreplace"))
                    self.damaged.discard(number)
                else:
                    self.damaged.add(number)
                self.running = None
            elif kind == "Q":
                self.finished = True
        except (ValueError, IndexError, binascii.Error):
            if self.running is not None:
                self.damaged.add(self.running)


def _boot(config, start, collector):
    """One boot. Returns what went wrong, or None when the runner came to its end."""
    command = ["/usr/local/bin/conf-runner", "--sole", "1", "--timeout", str(PROGRAM_SECONDS), "--from", str(start),
               "/conf/list"]
    config = dataclasses.replace(config, command=tuple(command))
    with machine.Machine(config) as guest:
        problem = "the machine ended"
        try:
            for line in guest.lines(SILENT_SECONDS):
                collector.feed(line)
                if collector.finished:
                    return None
        except TimeoutError as timeout:
            problem = f"the machine fell silent: {timeout}"
        return f"{problem}; its last words:\n{guest.tail()}"


def run(names, config, progress=None, found=None):
    """{name: Outcome} of these programs on one machine configuration. `config.initramfs` is filled in."""
    names = list(names)
    config = dataclasses.replace(config, initramfs=image(names, found))
    collector = _Collector(len(names))
    start, retried = 0, set()
    while start < len(names):
        before = len(collector.outcomes)
        problem = _boot(config, start, collector)
        if problem is None and not collector.damaged - retried:
            break
        if problem is None:
            # Console noise inside a record: those programs get a second boot.
            start = min(collector.damaged - retried)
            retried |= collector.damaged
            collector.finished = False
            continue
        if collector.running is not None:
            collector.outcomes[collector.running] = Outcome("machine", 0, problem)
            start = collector.running + 1
            collector.running = None
        elif len(collector.outcomes) > before:
            start = max(collector.outcomes) + 1
        else:
            # It does not even start: say so for all that is left.
            for number in range(start, len(names)):
                collector.outcomes[number] = Outcome("machine", 0, problem)
            break
        if progress:
            progress(f"{config.target}: machine died in {names[start - 1]}; going on with the next program")
    missing = Outcome("machine", 0, "no complete record arrived")
    return {name: collector.outcomes.get(number, missing) for number, name in enumerate(names)}


def _key(name, built, config, release, runner):
    digest = hashlib.sha256()
    for part in (b"1", name.encode(), built.read_bytes(), runner, release.encode(), str(config.smp).encode(),
                 config.memory.encode(), config.machine.encode(), initramfs.fingerprint()):
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()


def reference(names, config, progress=None):
    """Linux's outcomes, from the cache where nothing that matters has changed."""
    found = programs()
    _, release = linux_kernel.find()
    runner = (paths.APPS / "conf-runner").read_bytes() + (paths.APPS / "init").read_bytes()
    outcomes, keys, missing = {}, {}, []
    for name in names:
        keys[name] = paths.cache("linux-outcomes", _key(name, found[name][1], config, release, runner))
        try:
            outcomes[name] = Outcome(**json.loads(keys[name].read_text()))
        except (OSError, ValueError, TypeError):
            missing.append(name)
    if missing:
        if progress:
            progress(f"Linux {release}: running {len(missing)} programs")
        for name, outcome in run(missing, dataclasses.replace(config, target="linux"), progress, found).items():
            outcomes[name] = outcome
            if outcome.how in ("exit", "signal"):
                keys[name].write_text(json.dumps(dataclasses.asdict(outcome)))
    return outcomes
