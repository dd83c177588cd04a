# SPDX-License-Identifier: MPL-2.0
"""How `bench` prints: tables in Markdown that can also be read on a terminal."""
import pathlib
import re

from . import paths

PARALLEL = {"getppid*2": "getppid", "fault-seq*2": "fault-seq", "file*2": "file"}
OPERATIONS = {
    "getppid": "getppid", "pipe": "pipe round trip, two processes", "socket": "unix socket round trip, two processes", "fork": "fork + exit + wait", "exec": "fork + exec + wait",
    "fault-seq": "page fault, in order", "fault-rand": "page fault, at random", "file": "tmpfs create + delete",
    "futex": "futex ping-pong, two threads"}


def number(value):
    if value is None:
        return "-"
    return f"{value:.3f}" if abs(value) < 1 else f"{value:.2f}" if abs(value) < 100 else f"{value:.0f}"


def table(title, head, rows, note=""):
    """The text of one table."""
    rows = [[str(cell) for cell in row] for row in rows]
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]

    def line(cells):
        return "| " + " | ".join(cell.ljust(w) if i == 0 else cell.rjust(w)
                                 for i, (cell, w) in enumerate(zip(cells, widths))) + " |"

    rule = "|" + "|".join("-" * (w + 2) if i == 0 else "-" * (w + 1) + ":" for i, w in enumerate(widths)) + "|"
    return "\n".join([f"\n## {title}\n", *([note + "\n"] if note else []), line(head), rule, *map(line, rows)])


def ratio(values, operation, first, second):
    a, b = values.get(first, {}).get(operation), values.get(second, {}).get(operation)
    return f"{a / b:.2f}" if a and b else "-"


def operations(title, values, unit, pairs, note=""):
    """values: {system: {operation: figure}}; pairs: [(first, second, bar)], a bar is {operation or "": text}."""
    names = [name for name in OPERATIONS if any(name in column for column in values.values())]
    head = ["operation", *values, *(f"{a} : {b}" for a, b, _ in pairs)]
    if any(bar for _, _, bar in pairs):
        head.append("bar")
    rows = []
    for name in names:
        row = [OPERATIONS[name], *(number(column[name] / unit if name in column else None) for column in values.values()),
               *(ratio(values, name, a, b) for a, b, _ in pairs)]
        if "bar" in head:
            bars = [bar.get(name, bar.get("", "")) for _, _, bar in pairs if bar]
            row.append("; ".join(text for text in bars if text))
        rows.append(row)
    return table(title, head, rows, note)


def scaling(values):
    """Throughput of two processes against one: the time for one operation shrinks to a half at best."""
    rows = [[OPERATIONS[one], *(f"{column[one] / column[two]:.2f}" if one in column and two in column else "-"
                                for column in values.values()), "kernel >= 1.6"] for two, one in PARALLEL.items()]
    return table("Two processes on two CPUs", ["operation", *values, "bar"], rows,
                 "Throughput of two processes at a time on two virtual CPUs, as a multiple of one process's.")


def rank_names():
    """{rank of a lock: its names in the sources}; several locks may share a rank."""
    found = {}
    pattern = re.compile(r"constexpr (?:ostd::)?Rank k(?:Rank)?(\w+)[{(](\d+)[})]")
    for folder in ("services", "ostd"):
        for path in sorted((pathlib.Path(paths.ROOT) / folder).rglob("*.*")):
            if path.suffix in (".h", ".cpp"):
                for name, rank in pattern.findall(path.read_text(errors="replace")):
                    if name not in found.setdefault(int(rank), []):
                        found[int(rank)].append(name)
    return found


def locks(columns):
    names = rank_names()
    ranks = sorted({rank for column in columns.values() for rank in column})
    rows = [[f"{'/'.join(names.get(rank, ['?']))} ({rank})", *(number(column[rank] / (1 if "instructions" in name else 1000) if rank in column else None)
                                                              for name, column in columns.items())] for rank in ranks]
    return table("Longest time each lock was held", ["lock (rank)", *columns], rows,
                 "By rank, in the build with the lock checker, over a run of all operations and some shell commands. Ranks below 300 "
                 "are sleeping locks: what their holder slept, or waited for a CPU, counts. Instructions: one CPU under QEMU's -icount, where "
                 "nothing but interrupts of the guest comes between. Microseconds: two CPUs; moments in which the computer ran something "
                 "else are part of them.")
