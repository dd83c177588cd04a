# SPDX-License-Identifier: MPL-2.0
"""How values look in backtraces and `print`: strong types as their number, references as what they refer to, strings as text."""
import re

import gdb
import gdb.printing

from . import values

# A type with one member of one of these names is shown as the member.
ONLY = {"value", "bits", "at", "v_", "ns"}
HEX = re.compile(r"VirtAddr|PhysAddr|User\w+$|UserPtr|Flags")


class Text:
    """Shows what a function makes of the value."""

    def __init__(self, value, make):
        self.value, self.make = value, make

    def to_string(self):
        try:
            return self.make(self.value)
        except (values.Unreadable, gdb.error) as problem:
            return f"<{problem}>"


def _only_member(value):
    fields = [field for field in value.type.strip_typedefs().fields() if not field.is_base_class and hasattr(field, "bitpos")]
    return value[fields[0]] if len(fields) == 1 and fields[0].name in ONLY else None


def _number(value):
    number = values.number(value)
    return f"{number:#x}" if HEX.search(str(value.type)) else str(number)


def _reference(value):
    pointer = int(value["p_"])
    return f"Ref to {pointer:#x}" if pointer else "empty Ref"


def _option(value):
    held = values.option(value)
    return "nothing" if held is None else held


def _caller(value):
    thread = values.reference(value["me_"], "a caller's thread")
    return f"thread {values.number(thread['tid_'])} of process {int(values.reference(thread['process_'])['pid_']['value'])}"


KINDS = {"ostd::String": lambda value: repr(values.string(value)), "svc::proc::Caller": _caller}


def lookup(value):
    if value.type.code == gdb.TYPE_CODE_REF:
        value = value.referenced_value()
    kind = value.type.strip_typedefs().unqualified()
    if kind.code != gdb.TYPE_CODE_STRUCT or kind.name is None:
        return None
    if kind.name in KINDS:
        return Text(value, KINDS[kind.name])
    if kind.name.startswith(("ostd::Ref<", "ostd::Own<", "ostd::Weak<")):
        return Text(value, _reference)
    if kind.name.startswith("ostd::Opt<"):
        return Text(value, _option)
    if kind.name.startswith(("ostd::", "svc::")) and _only_member(value) is not None:
        return Text(value, _number)
    return None


def register():
    gdb.pretty_printers.insert(0, lookup)
    # Otherwise structures would be "..." in backtraces; large ones are cut.
    gdb.execute("set print frame-arguments all")
    gdb.execute("set print max-depth 2")
    gdb.execute("set print elements 64")
    gdb.execute("set print entry-values no")
