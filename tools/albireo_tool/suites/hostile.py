# SPDX-License-Identifier: MPL-2.0
"""Hostile guests: apps/hostile attacks the host target from inside its stub process.

hostile/host/open/*      without --isolated: what an accident can do harms no other program and not the OS
hostile/host/open/control  there a jump into the trampoline does obtain the machine's memory: the attacks are real
hostile/host/isolated/*  with it: no attack obtains anything, the OS goes on, who attacks is ended and the console says so

Beside what the program says of itself, each test looks from outside: a file and a process of the host that the attacks aim at, and
processes left behind.
"""
import os
import re
import subprocess
import tempfile

from .. import initramfs, machine, paths, say, testing

PROGRAM = "hostile"
SECONDS = 60
# What a program does to its own exchange page by accident; 5 forges commands, which is none.
SCRIBBLES = [f"scribble{n}" for n in range(9)]
ACCIDENTS = ["ways", "scribble0", "scribble3", "scribble4", "scribble6", "scribble8"]
FULL_ACCIDENTS = ["signals", "exhaust", "scribble1", "scribble2", "scribble7"]
ATTACKS = ["ways", "jumps", "astray", "signals", "exhaust", *SCRIBBLES]
# These cannot succeed quietly: the program is ended, with a line that says why.
CONTROL = "control"  # in the open mode jumps succeed
NOTICED = {"jumps": r"made a host call that it was not told to make", "signals": r"does not answer any more",
           "scribble5": r"made a host call that it was not told to make"}


class Canaries:
    """What the attacks aim at: a file and a process."""

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="albireo-")
        self.file = os.path.join(self.folder.name, "canary")
        with open(self.file, "w") as file:
            file.write("alive")
        self.process = subprocess.Popen(["sleep", "1000"])
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.folder.cleanup()

    def harm(self):
        lines = []
        if not os.path.exists(self.file) or open(self.file).read() != "alive":
            lines.append("a file of the host was changed")
        if self.process.poll() is not None:
            lines.append(f"a process of the host was ended: {self.process.returncode}")
        return lines


def judge(name, isolated, status, text):
    """What is wrong, as lines."""
    if name == CONTROL:
        found = re.search(r"^GOT memory of the machine", text, re.M)
        return [] if found else ["the attack fails where nothing is in its way, so it proves nothing"]
    lines = [] if status == 0 and "the system is up" in text else [f"the OS did not go on: exit status {status}"]
    if "panic" in text:
        lines.append("the OS panicked")
    if isolated or name in ("ways", "exhaust"):
        lines += re.findall(r"^GOT .*", text, re.M)
    if isolated and name in NOTICED and not re.search(NOTICED[name], text):
        lines.append(f"no line says: {NOTICED[name]}")
    if name == "jumps":
        # An interrupt can come before the call and lead the attack astray.
        tries = re.findall(r"^jump \S+ (?:mmap|munmap|fork|clone)\S*: (.*)", text, re.M)
        ended = tries.count("signal 9")
        if not tries or ended < len(tries) * 3 // 4:
            lines.append(f"only {ended} of {len(tries)} were ended")
    return lines


class Hostile(testing.Suite):
    name = "hostile/host"
    about = "programs that attack the host target from inside its stub processes"
    order = 27
    build = ("apps", "albireo-host")

    def tests(self, full):
        machine.binary("host")
        return [f"open/{CONTROL}"] + [f"open/{name}" for name in ACCIDENTS + (FULL_ACCIDENTS if full else [])] + [f"isolated/{name}" for name in ATTACKS]

    def run(self, names, report, full):
        image = initramfs.base()
        image.program("/usr/local/bin/" + PROGRAM, paths.APPS / PROGRAM)
        path = image.write()
        for name in names:
            mode, _, attack = name.partition("/")
            isolated = mode == "isolated"
            say.progress(f"{self.name}: {name}")
            with Canaries() as canaries:
                config = machine.Config("host", path, (PROGRAM, attack, canaries.file, str(canaries.process.pid)),
                                        append=("loglevel=5",), extra=("--isolated",) if isolated else ())
                status, text = machine.run(config, SECONDS)
                problems = judge(attack, isolated, status, text) + canaries.harm()
            report(name, testing.FAIL if problems else testing.PASS, "\n".join([*problems, "the end of the console:", text[-3000:]]))


def suites():
    return [Hostile()]
