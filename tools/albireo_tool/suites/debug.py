# SPDX-License-Identifier: MPL-2.0
"""`tools/albireo debug` driven in batch mode on both targets: breakpoints in services, the project's gdb commands, the end.

One session with gdb gives the text that all tests of a target look at. Marks in the output separate its parts.
"""
import os
import re
import tempfile

from .. import machine, testing
from .command import call

# The first shell asks for its parent while init waits for it; then it makes a file.
COMMAND = ("sh", "-c", "echo made > /tmp/made; read line < /tmp/made; echo $line; exit 7")
PARTS = {
    "backtrace": "backtrace",
    "tasks": "albireo tasks",
    "task-init": "python import gdb; from albireo_gdb import tasks; "
                 "gdb.execute('albireo task %d bt' % next(int(t['id']) for t in tasks.tasks() if tasks.name(t) == 'init'))",
    "registers": "printf \"same place: %d\\n\", $pc == $before",
    "processes": "albireo processes",
    "mounts": "albireo mounts",
    "locks": "albireo locks",
    "pagetable": "albireo pagetable 1",
    "pagetable-address": "python gdb.execute('albireo pagetable 1 %d' % (page_table_first() + 5))",
    "pagetable-hole": "albireo pagetable 1 0x10000",
}
MISTAKES = {"no-process": ("albireo pagetable 4242", "there is no process 4242"),
            "no-task": ("albireo task 424242 bt", "there is no task 424242"),
            "no-number": ("albireo task init", "is no task id")}
SCRIPT = """
hbreak svc::sys::sys_getppid
{early}
{start}
set $before = $pc
python
def page_table_first():
    from albireo_gdb import page_table
    return page_table.ranges(page_table.root("1"))[0][0]
end
{parts}
delete
echo \\n== arguments\\n
hbreak svc::sys::sys_openat
continue
delete
hbreak svc::fs::Dentry::attach
continue
echo \\n== held-locks\\n
albireo locks
delete
echo \\n== end\\n
continue
"""


def script(target):
    lines = []
    for name, command in PARTS.items():
        lines += [f"echo \\n== {name}\\n", command]
    for name, (command, _) in MISTAKES.items():
        # An error would end a batch script.
        lines += [f"echo \\n== {name}\\n", f"python\ntry:\n    gdb.execute({command!r})\nexcept gdb.error as problem:\n    print(problem)\nend"]
    early = "python\ntry:\n    gdb.execute('albireo processes')\nexcept gdb.error as problem:\n    print('== early'); print(problem)\nend"
    # A process has no hardware breakpoints before it runs.
    text = SCRIPT.format(parts="\n".join(lines), start="run" if target == "host" else "continue", early=early)
    return text.replace("hbreak", "break") if target == "host" else text


def split(text):
    """{mark: what follows it}"""
    found = re.split(r"^== ([\w-]+)$", text, flags=re.M)
    return dict(zip(found[1::2], found[2::2]))


class Debug(testing.Suite):
    about = "gdb with the project's commands"
    order = 36

    def __init__(self, target):
        self.target = target
        self.name = f"debug/{target}"
        self.build = ("apps/init", "albireo-host" if target == "host" else "albireo-kernel.elf")

    def tests(self, full):
        machine.binary(self.target)
        return ["early", "breakpoint", *PARTS, *MISTAKES, "arguments", "held-locks", "end"]

    def run(self, names, report, full):
        with tempfile.NamedTemporaryFile("w", suffix=".gdb") as file:
            file.write(script(self.target))
            file.flush()
            status, text = call("debug", "--no-build", "--target", self.target, "--batch", file.name, "--", *COMMAND)
        parts = split(text)
        parts["breakpoint"] = text.split("\n== backtrace\n")[0]
        for name in names:
            problem = self.judge(name, parts, text)
            report(name, testing.FAIL if problem else testing.PASS, problem and f"{problem}\n{parts.get(name, text)[-3000:]}")

    def judge(self, name, parts, text):
        if name not in parts:
            return "gdb did not come to this part"
        part = parts[name]
        for pattern in self.expected(name):
            if not re.search(pattern, part, re.M):
                return f"nothing matches {pattern!r}"
        if "Traceback" in part or "Python Exception" in part:
            return "an error inside a command"
        return ""

    def expected(self, name):
        """Patterns that must be found in a part."""
        if name in MISTAKES:
            return (re.escape(MISTAKES[name][1]),)
        ended = r"exited with code 07" if self.target == "host" else r"the machine ended with status 7"
        return {
            "early": (r"^albireo: ",),
            "breakpoint": (r"Breakpoint 1, (?:\S+ in )?svc::sys::sys_getppid",),
            "backtrace": (r"^#0 .*sys_getppid \(c=thread 2 of process 2\)", r"^#\d+ .*svc::sys::dispatch \(c=thread 2 of process 2\)", r"run_thread"),
            "arguments": (r"sys_openat \(c=thread 2 of process 2, dir=-100, path=0x\w+, flags=0x\w+, mode=\d+\)",),
            "tasks": (r"^ +\d+ +sleeping +\d +init +svc::", r"^ +\d+ +running +\d +sh$", r"^ +\d+ +(?:sleeping|ready|running) +\d +rcu\b"),
            "task-init": (r"^task \d+ 'init': sleeping", r"^#\d+ .*sys_wait4|^#\d+ .*wait", r"dispatch"),
            "registers": (r"same place: 1",),
            "processes": (r"^ +1 +0 +1 +1 +alive +\d+ +init$", r"^ +2 +1 .*alive +\d+ +sh$", r"thread 2: task \d+, running"),
            "mounts": (r"^ +\d+ +/ +rootfs +svc::fs::Tmpfs", r" /proc +", r" /dev/pts +"),
            "locks": (r"no lock is held|\(\d+\)",),
            "pagetable": (r"^0x\S+ - 0x\S+  r-x", r"  rw-  ", r"^\d+ pages, top table"),
            "pagetable-address": (r"^level 3: .*present", r"^level 0: .*present", r" is in frame 0x"),
            "pagetable-hole": (r"0x10000 is not mapped",),
            "held-locks": (r"Directory \(160\)",),
            "end": (ended, *((r"^made",) if self.target == "kernel" else ())),
        }[name]


def suites():
    return [Debug("host"), Debug("kernel")]
