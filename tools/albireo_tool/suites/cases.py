# SPDX-License-Identifier: MPL-2.0
"""Cases: the conformance programs have one for each way in which an implemented system call can end.

cases/NAME fails if no conformance program had the call succeed, had it fail, or, where it waits, interrupted it by a signal with
a handler. What cannot happen is said by the entry in the system call table (services/syscall/entry.h). Counted by the OS in the
run of conformance/host; build/cases.txt lists the counts of each call and the programs they come from.

cases/wild-pointers: apps/fuzz/wildptr* gives bad addresses to every argument of every implemented call that is one.
"""
import errno
import re

import linux_abi

from .. import conformance, paths, say, testing
from .conformance import on_albireo


def ends(calls):
    """{number: [(program, CallEnds)]} of {program: [CallEnds]}."""
    found = {}
    for program, counts in calls.items():
        for end in counts:
            found.setdefault(end.number, []).append((program, end))
    return found


def missing(call, seen):
    """What the programs lack for one entry of the table; an empty text if nothing."""
    lacks = []
    if not call.no_success and not any(end.successes for _, end in seen):
        lacks.append("no program has it succeed")
    if not call.no_error and not any(end.errnos for _, end in seen):
        lacks.append("no program has it fail")
    if call.waits and not any(end.interruptions for _, end in seen):
        lacks.append("it waits, and no program has a signal interrupt it")
    # The table must not claim too much either.
    if call.no_success and any(end.successes for _, end in seen):
        lacks.append("the table says that it never succeeds; it did")
    if call.no_error and any(end.errnos for _, end in seen):
        lacks.append("the table says that it never fails; it did")
    if not call.waits and any(end.interruptions for _, end in seen):
        lacks.append("a signal interrupted it, and the table does not say that it waits")
    return "\n".join(lacks)


def describe(call, seen):
    """One line for build/cases.txt."""
    errnos = sorted({number for _, end in seen for number in end.errnos})
    names = " ".join(errno.errorcode.get(number, str(number)) for number in errnos) or "-"
    by = [program for program, end in seen if end.interruptions]
    return (f"{call.name}: succeeded {sum(end.successes for _, end in seen)} times, interrupted "
            f"{sum(end.interruptions for _, end in seen)} times{' by ' + ' '.join(by) if by else ''}; errors: {names}")


def not_wild():
    """The arguments that wildptr leaves out."""
    done = {(name, int(at)) for path in (paths.ROOT / "apps" / "fuzz").glob("wildptr*")
            for name, at in re.findall(r"\bW[CFZ]?\((\w+), (\d)", path.read_text())}
    where = linux_abi.pointers()
    lines = []
    for call in linux_abi.entries().values():
        if call.name not in where:
            lines.append(f"{call.name}: its handler's declaration was not found")
        lines += [f"{call.name}: argument {at}" for at in sorted(where.get(call.name, ())) if (call.name, at) not in done]
    return "\n".join(lines)


class Cases(testing.Suite):
    name = "cases"
    about = "each system call has conformance cases for success, error and interruption"
    order = 60  # behind conformance/host, whose run it uses
    build = ("apps", "albireo-host")

    def tests(self, full):
        return [call.name for call in linux_abi.entries().values()] + ["all-known", "wild-pointers"]

    def run(self, names, report, full):
        outcomes, seen = conformance.run_all(on_albireo("host"), say.progress)
        found = ends(seen.calls)
        table = {call.name: call for call in linux_abi.entries().values()}
        text = [describe(call, found.get(call.number, [])) for call in table.values()]
        (paths.BUILD / "cases.txt").write_text("\n".join(text) + "\n")
        for name in names:
            if name == "all-known":
                problem = self.unknown(outcomes, seen, found)
            elif name == "wild-pointers":
                problem = not_wild()
            else:
                problem = missing(table[name], found.get(table[name].number, []))
            report(name, testing.FAIL if problem else testing.PASS, problem)

    @staticmethod
    def unknown(outcomes, seen, found):
        """Whether the counts are what they seem: of every program, and of no call that this suite does not know."""
        silent = [program for program in outcomes if program not in seen.calls]
        known = linux_abi.entries().keys()
        strange = [str(number) for number, by in found.items()
                   if number not in known and any(end.successes or end.errnos - {errno.ENOSYS} for _, end in by)]
        return "\n".join(([f"no calls were counted of {', '.join(silent)}"] if silent else []) +
                         ([f"calls that the table's parser does not know: {', '.join(strange)}"] if strange else []))


def suites():
    return [Cases()]
