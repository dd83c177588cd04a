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
import threading
import zlib

from . import initramfs, linux_kernel, machine, paths, say

PROGRAM_SECONDS = 20
SILENT_SECONDS = 55      # beyond a program's time
BOOT_SECONDS = 30        # to the runner's first record
SANITIZERS = ("Sanitizer", "runtime error:")


@dataclasses.dataclass(frozen=True)
class Outcome:
    how: str             # exit, signal, timeout, norun; machine: the machine ended or fell silent
    value: int
    output: str

    def describe(self):
        return {"exit": f"exit status {self.value}", "signal": f"killed by signal {self.value}",
                "timeout": f"not finished after {self.value} s", "norun": f"could not be started (errno {self.value})",
                "machine": "the machine ended or fell silent"}[self.how]


@dataclasses.dataclass(frozen=True)
class CallEnds:
    """How one program's system calls of one number ended. An interruption: a handler ran, and the call ended or began again."""
    number: int
    successes: int
    interruptions: int
    errnos: frozenset    # but for EINTR


@dataclasses.dataclass(frozen=True)
class Program:
    name: str            # family/name; with a denied call: family/name!call
    source: object
    built: object        # what goes into the image
    deny: int = -1       # a system call that shall fail with ENOSYS (on Linux only)

    @property
    def guest(self):
        return "/conf/" + self.name.split("!")[0] + (".sh" if self.name.startswith("scripts/") else "")


def programs():
    """{name: Program}: C programs by family, and shell scripts."""
    found = {}
    for source in sorted(paths.CONFORMANCE.glob("*/*.c")):
        name = f"{source.parent.name}/{source.stem}"
        found[name] = Program(name, source, paths.APPS / f"conf.{source.parent.name}.{source.stem}")
    for source in sorted(paths.CONFORMANCE.glob("scripts/*.sh")):
        name = f"scripts/{source.stem}"
        found[name] = Program(name, source, source)
    return found


def image(chosen):
    """An initramfs with these programs below /conf and their list."""
    result = initramfs.base()
    listing = []
    for program in chosen:
        if not program.built.exists():
            raise say.ToolError(f"{program.built.name} is not built", "run `tools/albireo build`")
        result.program(program.guest, program.built)
        listing.append(program.guest if program.deny < 0 else f"{program.deny} {program.guest}")
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
        self.heard = False       # any record in this boot
        self.noise = {}          # what a sanitizer said during a program, by its number; -1: before the first
        self.memory = {}         # what programs did not give back, by their number
        self.over_budget = []    # warnings of the OS
        self.calls = {}          # {number: [CallEnds]}, where the OS counts

    def feed(self, line):
        at = line.find(b"\x1e")
        if at < 0:
            if b"over budget" in line:
                self.over_budget.append(line.decode(errors="replace"))
            return
        self.heard = True
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
            elif kind == "M":
                self.memory[number] = " ".join(fields[2:])
            elif kind == "C":
                errnos = frozenset(int(e) for e in fields[5].split(",") if e.strip())
                self.calls.setdefault(number, []).append(CallEnds(*map(int, fields[2:5]), errnos))
            elif kind == "Q":
                self.finished = True
        except (ValueError, IndexError, binascii.Error):
            if self.running is not None:
                self.damaged.add(self.running)


def _let_end(guest):
    """A machine that counts lines of code writes its counts when it is switched off."""
    try:
        for _ in guest.lines(3, 3):
            pass
    except TimeoutError:
        pass


def _boot(config, start, collector, seconds, boot_seconds):
    """One boot. Returns what went wrong, or None when the runner came to its end."""
    command = ["/usr/local/bin/conf-runner", "--sole", "1", "--timeout", str(seconds), "--from", str(start), "/conf/list"]
    config = dataclasses.replace(config, command=tuple(command))
    collector.heard = False
    with machine.Machine(config) as guest:
        problem, heard, last = "the machine ended", 0, -1

        def listen():
            """Notes what a sanitizer has said meanwhile."""
            nonlocal heard
            text = guest.errors()[heard:]
            heard += len(text)
            if any(word in text for word in SANITIZERS):
                collector.noise[last] = collector.noise.get(last, "") + text

        try:
            while True:
                line = guest.line(SILENT_SECONDS + seconds if collector.heard else boot_seconds)
                if line is None:
                    break
                collector.feed(line)
                if collector.running is not None:
                    last = collector.running
                listen()
                if collector.finished:
                    _let_end(guest)
                    listen()
                    return None
        except TimeoutError as timeout:
            problem = f"the machine fell silent: {timeout}"
        listen()
        return f"{problem}; its last words:\n{guest.tail()}"


@dataclasses.dataclass
class Seen:
    """What Albireo tells beside the outcomes; each by a program's name."""
    memory: dict = dataclasses.field(default_factory=dict)      # "same", or what it did not give back
    calls: dict = dataclasses.field(default_factory=dict)       # [CallEnds]
    noise: dict = dataclasses.field(default_factory=dict)       # what a sanitizer reported; "": before the first program
    over_budget: str = ""


def run(chosen, config, progress=None, seen=None, seconds=PROGRAM_SECONDS, make_image=image, boot_seconds=BOOT_SECONDS):
    """{name: Outcome} of these programs on one machine configuration. `config.initramfs` is filled in, and `seen`."""
    names = [program.name for program in chosen]
    if not names:
        return {}
    config = dataclasses.replace(config, initramfs=make_image(chosen))
    collector = _Collector(len(names))
    start, retried, starts = 0, set(), 0
    while start < len(names):
        before = len(collector.outcomes)
        problem = _boot(config, start, collector, seconds, boot_seconds)
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
        elif starts < 2:
            starts += 1
        else:
            # It does not even start: say so for all that is left.
            for number in range(start, len(names)):
                collector.outcomes[number] = Outcome("machine", 0, problem)
            break
        if progress:
            progress(f"{config.target}: {problem.splitlines()[0].rstrip(';')}; next: {names[start] if start < len(names) else 'end'}")
    if seen is not None:
        seen.memory.update({names[number]: text for number, text in collector.memory.items()})
        seen.calls.update({names[number]: ends for number, ends in collector.calls.items()})
        seen.noise.update({names[number] if number >= 0 else "": text for number, text in collector.noise.items()})
        seen.over_budget = "\n".join(collector.over_budget)
    missing = Outcome("machine", 0, "no complete record arrived")
    return {name: collector.outcomes.get(number, missing) for number, name in enumerate(names)}


_whole, _whole_lock = {}, threading.Lock()


def run_all(config, progress=None):
    """({name: Outcome}, Seen) of all programs on Albireo; one boot a target, for all suites that ask."""
    with _whole_lock:
        lock, have = _whole.setdefault(config.target, (threading.Lock(), []))
    with lock:
        if not have:
            seen = Seen()
            have.append((run(list(programs().values()), config, progress, seen), seen))
        return have[0]


def _key(program, config, release, runner):
    digest = hashlib.sha256()
    for part in (b"1", program.guest.encode(), program.built.read_bytes(), str(program.deny).encode(), runner,
                 release.encode(), str(config.smp).encode(), config.memory.encode(), config.machine.encode(),
                 initramfs.fingerprint()):
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()


# Suites run in parallel and ask for the same programs: as they are, or with a system call denied.
_reference_locks = {False: threading.Lock(), True: threading.Lock()}


def reference(chosen, config, progress=None):
    """{name: Outcome} on Linux, from the cache where nothing that matters has changed."""
    _, release = linux_kernel.find()
    runner = (paths.APPS / "conf-runner").read_bytes() + (paths.APPS / "init").read_bytes()
    kept = {program.name: paths.cache("linux-outcomes", _key(program, config, release, runner)) for program in chosen}
    outcomes = {}

    def look_up():
        for name in kept.keys() - outcomes.keys():
            try:
                outcomes[name] = Outcome(**json.loads(kept[name].read_text()))
            except (OSError, ValueError, TypeError):
                pass
        return [program for program in chosen if program.name not in outcomes]

    if look_up():
        with _reference_locks[any(program.deny >= 0 for program in chosen)]:
            missing = look_up()
            if missing and progress:
                progress(f"Linux {release}: running {len(missing)} programs")
            for name, outcome in run(missing, dataclasses.replace(config, target="linux"), progress).items():
                outcomes[name] = outcome
                if outcome.how != "machine":
                    kept[name].write_text(json.dumps(dataclasses.asdict(outcome)))
    return outcomes
