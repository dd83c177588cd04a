# SPDX-License-Identifier: MPL-2.0
"""The commands themselves. They only read memory, by debug info; nothing is called in the debugged program."""
import gdb

from . import locks, mounts, page_table, printers, processes, tasks, values


class Albireo(gdb.Command):
    """Albireo's own objects: tasks, processes, mounts, locks, page tables.

albireo tasks              all tasks: state, CPU, name, and where those that do not run were left
albireo task N bt          backtrace of task N (running or not)
albireo processes          all processes with their threads
albireo mounts             the mount tree
albireo locks              locks held by each CPU and each task
albireo pagetable PID      what a process has mapped: ranges with their rights
albireo pagetable PID ADDR the page-table entries on the way to one address"""

    def __init__(self):
        super().__init__("albireo", gdb.COMMAND_DATA, gdb.COMPLETE_NONE, True)


class Reader(gdb.Command):
    """A command whose mistakes and unreadable data become one line of text."""

    def __init__(self, name, work, text):
        self.work = work
        self.__doc__ = text
        super().__init__("albireo " + name, gdb.COMMAND_DATA)

    def invoke(self, argument, from_tty):
        try:
            self.work(gdb.string_to_argv(argument))
        except values.Unreadable as problem:
            raise gdb.GdbError(f"albireo: {problem}")
        except gdb.MemoryError as problem:
            raise gdb.GdbError(f"albireo: memory could not be read: {problem}")
        except gdb.error as problem:
            raise gdb.GdbError(f"albireo: {problem} (is the program built with debug info, and has it started?)")


def register():
    printers.register()
    Albireo()
    Reader("tasks", tasks.list_tasks, "All tasks: id, state, CPU, name and the place where each was left.")
    Reader("task", tasks.one_task, "albireo task N [bt]: state and backtrace of the task with the id N.")
    Reader("processes", processes.list_processes, "All processes with ids, state, memory and threads.")
    Reader("mounts", mounts.list_mounts, "All mounts of the first process's mount namespace.")
    Reader("locks", locks.list_locks, "Locks held now, by CPU (spinlocks) and by task (sleeping locks), outermost first.")
    Reader("pagetable", page_table.show, "albireo pagetable PID [ADDR]: mapped ranges of a process, or the way to one address.")
