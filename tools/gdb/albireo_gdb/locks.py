# SPDX-License-Identifier: MPL-2.0
"""What the lock checker of debug builds knows of held locks: ranks by CPU (spinlocks) and by task (sleeping locks).

A lock is shown by the name of its rank in the sources.
"""
import pathlib
import re

from . import tasks, values

ROOT = pathlib.Path(__file__).resolve().parents[3]


def rank_names():
    """{rank: names}; several locks may share a rank."""
    found = {}
    for folder, pattern in (("services", "ranks.h"), ("ostd", "*.h"), ("ostd", "*.cpp")):
        for path in (ROOT / folder).rglob(pattern):
            for name, number in re.findall(r"constexpr (?:ostd::)?Rank k(?:Rank)?(\w+)[{(](\d+)[})]", path.read_text(errors="replace")):
                names = found.setdefault(int(number), [])
                if name not in names:
                    names.append(name)
    return found


def list_locks(arguments):
    if arguments:
        raise values.Unreadable("`albireo locks` takes no arguments")
    names = rank_names()

    def text(ranks):
        return ", ".join(f"{'/'.join(names.get(rank, ['?']))} ({rank})" for rank in ranks)

    held = 0
    for cpu in tasks.cpus():
        ranks = [int(cpu["held_spins"][i]) for i in range(int(cpu["held_spin_count"]))]
        if ranks:
            held += len(ranks)
            print(f"CPU {int(cpu['index'])}: {text(ranks)}")
    for task in tasks.tasks():
        ranks = [int(task["held_mutexes"][i]) for i in range(int(task["held_mutex_count"]))]
        if ranks:
            held += len(ranks)
            print(f"task {int(task['id'])} {tasks.name(task)} ({tasks.state(task)}): {text(ranks)}")
    if held == 0:
        print("no lock is held")
