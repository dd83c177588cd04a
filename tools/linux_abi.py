#!/usr/bin/env python3
# SPDX-License-Identifier: MPL-2.0
"""Writes docs/linux-abi.md from the system call table (services/syscall/sys_*.h and names.h) and the "Covers:" lines of
apps/conformance; --check compares instead."""
import collections
import dataclasses
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
TABLE = ROOT / "services" / "syscall"
PROGRAMS = ROOT / "apps" / "conformance"
DOCUMENT = ROOT / "docs" / "linux-abi.md"
ENTRY = re.compile(r'entry<\w+>\((\d+),\s*"(\w+)",\s*\d+(?:,\s*State::(\w+))?(?:,\s*"([^"]*)")?\)'
                   r'((?:\s*\.\w+\((?:"[^"]*")?\))*)')
HANDLER = re.compile(r"SysResult sys_(\w+)\(Caller& c([^;]*)\);")
ADDRESS = re.compile(r"User(Ptr<|Path|String|Buffer)|VirtAddr")
COVERS = re.compile(r"^(?://|#) Covers: (.*)$", re.M)

HEAD = """# Linux ABI

Every system call of Linux 6.12 on x86-64 and its state here. Written by tools/linux_abi.py from the table in services/syscall, which
is also what dispatch and `--strace` use; a test compares. *complete*: written with every flag and error we
know of (which conformance programs still differ is in docs/known-failures.md); *partial*: what lacks is named; *absent*: ENOSYS.
*waits*: a signal can interrupt the call. *programs*: those of apps/conformance that notice when the call is missing.

| number | name | state | waits | what lacks | programs |
|---|---|---|---|---|---|
"""

CORES = """
## Core dumps

As core(5) says: core_pattern with every specifier, core_uses_pid, coredump_filter, MADV_DONTDUMP, suid_dumpable, RLIMIT_CORE. Other than on
Linux a pattern that begins with `|` is refused (EINVAL): the system starts no programs by itself, and core_pipe_limit has no effect. There
is no note NT_X86_XSAVE_LAYOUT, the flags in NT_PRPSINFO are 0, and untouched private pages count as such whether they were read or not.
A process of more than 65,533 mappings has no dump.
"""

SPECIAL = """
## Calls that always succeed, or never

"""


def names():
    text = (TABLE / "names.h").read_text()
    return re.findall(r'"(\w*)"', text[text.index("kSyscallNames{{"):])


@dataclasses.dataclass
class Call:
    """An entry of the table."""
    number: int
    name: str
    state: str
    lacks: str
    waits: bool
    no_success: str      # why, where it is so
    no_error: str


def entries():
    """{number: Call}"""
    found = {}
    for path in sorted(TABLE.glob("sys_*.h")):
        for number, name, state, lacks, more in ENTRY.findall(path.read_text().replace("\n", " ")):
            ways = dict(re.findall(r'\.(\w+)\((?:"([^"]*)")?\)', more))
            found[int(number)] = Call(int(number), name, state or "complete", lacks, "waiting" in ways,
                                      ways.get("never_succeeds", ""), ways.get("never_fails", ""))
    return found


def pointers():
    """{name of a call: {position of an argument that is an address}}"""
    found = {}
    for path in sorted(TABLE.glob("sys_*.h")):
        for name, arguments in HANDLER.findall(path.read_text().replace("\n", " ")):
            kinds = re.split(r",\s*(?![^<]*>)", arguments)[1:]
            found[name] = {at for at, kind in enumerate(kinds) if ADDRESS.match(kind)}
    return found


def covering():
    """{name of a call: [family/program]}"""
    found = collections.defaultdict(list)
    for path in sorted([*PROGRAMS.glob("*/*.c"), *PROGRAMS.glob("scripts/*.sh")]):
        for line in COVERS.findall(path.read_text()):
            for name in line.split():
                found[name].append(f"{path.parent.name}/{path.stem}")
    return found


def document():
    have, programs = entries(), covering()
    rows, count = [], {"complete": 0, "partial": 0, "absent": 0}
    for number, name in enumerate(names()):
        if not name:
            continue
        call = have.get(number, Call(number, name, "absent", "", False, "", ""))
        if call.name != name:
            sys.exit(f"linux_abi: number {number} is {name} in names.h and {call.name} in the table")
        count[call.state] += 1
        cells = (number, name, call.state, "yes" if call.waits else "", call.lacks, " ".join(programs.get(name, [])))
        rows.append("| " + " | ".join(map(str, cells)) + " |")
    total = ", ".join(f"{n} {state}" for state, n in count.items())
    special = [f"- {call.name} {what}: {why}." for _, call in sorted(have.items())
               for what, why in (("has no success", call.no_success), ("has no error", call.no_error)) if why]
    return HEAD + "\n".join(rows) + f"\n\n{total}.\n" + CORES + SPECIAL + "\n".join(special) + "\n"


def main():
    text = document()
    if "--check" in sys.argv[1:]:
        if not DOCUMENT.exists() or DOCUMENT.read_text() != text:
            sys.exit("linux_abi: docs/linux-abi.md is not what the table says; run tools/linux_abi.py")
        return
    DOCUMENT.write_text(text)


if __name__ == "__main__":
    main()
