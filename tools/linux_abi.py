#!/usr/bin/env python3
# SPDX-License-Identifier: MPL-2.0
"""Writes docs/linux-abi.md from the system call table (services/syscall/sys_*.h and names.h); --check compares instead."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
TABLE = ROOT / "services" / "syscall"
DOCUMENT = ROOT / "docs" / "linux-abi.md"
ENTRY = re.compile(r'entry<\w+>\((\d+),\s*"(\w+)",\s*\d+(?:,\s*State::(\w+))?(?:,\s*"([^"]*)")?\)')

HEAD = """# Linux ABI

Every system call of Linux 6.12 on x86-64 and its state here. Written by tools/linux_abi.py from the table in services/syscall, which
is also what dispatch and `--strace` use; a test compares. *complete*: written with every flag and error we
know of (which conformance programs still differ is in docs/known-failures.md); *partial*: what lacks is named; *absent*: ENOSYS.

| number | name | state | what lacks |
|---|---|---|---|
"""


def names():
    text = (TABLE / "names.h").read_text()
    return re.findall(r'"(\w*)"', text[text.index("kSyscallNames{{"):])


def entries():
    found = {}
    for path in sorted(TABLE.glob("sys_*.h")):
        for number, name, state, lacks in ENTRY.findall(path.read_text().replace("\n", " ")):
            found[int(number)] = (name, state or "complete", lacks)
    return found


def document():
    have = entries()
    rows, count = [], {"complete": 0, "partial": 0, "absent": 0}
    for number, name in enumerate(names()):
        if not name:
            continue
        mine, state, lacks = have.get(number, (name, "absent", ""))
        if mine != name:
            sys.exit(f"linux_abi: number {number} is {name} in names.h and {mine} in the table")
        count[state] += 1
        rows.append(f"| {number} | {name} | {state} | {lacks} |")
    total = ", ".join(f"{n} {state}" for state, n in count.items())
    return HEAD + "\n".join(rows) + f"\n\n{total}.\n"


def main():
    text = document()
    if "--check" in sys.argv[1:]:
        if not DOCUMENT.exists() or DOCUMENT.read_text() != text:
            sys.exit("linux_abi: docs/linux-abi.md is not what the table says; run tools/linux_abi.py")
        return
    DOCUMENT.write_text(text)


if __name__ == "__main__":
    main()
