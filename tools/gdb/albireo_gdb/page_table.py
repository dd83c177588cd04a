# SPDX-License-Identifier: MPL-2.0
"""The page table of a process (ostd/common/common/page_table.h): the truth on both targets."""
import struct

from . import processes, values

PRESENT, WRITE, USER, ACCESSED, DIRTY, CACHED, HELD, FOLIO, NO_EXEC = (
    1 << bit for bit in (0, 1, 2, 5, 6, 9, 10, 11, 63))
ADDRESS = 0x000FFFFFFFFFF000
USER_TOP = 256  # entries of the top table that belong to user memory


def _table(pfn):
    direct = int(values.symbol("ostd::common::g_frames", "the frame table")["direct"])
    return struct.unpack("<512Q", values.memory(direct + (pfn << 12), 4096))


def root(pid):
    """Frame number of the top table."""
    memory = processes.vm(processes.process(pid))
    if memory is None:
        raise values.Unreadable(f"process {pid} has no memory any more (it is a zombie)")
    return int(values.reference(memory["space_"], "an address space")["core_"]["root"])


def rights(entry):
    if not entry & PRESENT:
        return "---"
    return "r" + ("w" if entry & WRITE else "-") + ("-" if entry & NO_EXEC else "x")


def marks(entry):
    words = [("present", PRESENT), ("held", HELD), ("user", USER), ("accessed", ACCESSED), ("dirty", DIRTY),
             ("in the stub", CACHED), ("folio", FOLIO)]
    return ", ".join(word for word, bit in words if entry & bit)


def pages(top):
    """(address, entry) of every page, ascending."""
    for a, e3 in enumerate(_table(top)[:USER_TOP]):
        if not e3 & PRESENT:
            continue
        for b, e2 in enumerate(_table((e3 & ADDRESS) >> 12)):
            if not e2 & PRESENT:
                continue
            for c, e1 in enumerate(_table((e2 & ADDRESS) >> 12)):
                if not e1 & PRESENT:
                    continue
                for d, entry in enumerate(_table((e1 & ADDRESS) >> 12)):
                    if entry & (PRESENT | HELD):
                        yield a << 39 | b << 30 | c << 21 | d << 12, entry


def ranges(top):
    """[begin, end, rights] of neighbouring pages with the same rights."""
    found = []
    for at, entry in pages(top):
        if found and found[-1][1] == at and found[-1][2] == rights(entry):
            found[-1][1] = at + 4096
        else:
            found.append([at, at + 4096, rights(entry)])
    return found


def show(arguments):
    if not 1 <= len(arguments) <= 2:
        raise values.Unreadable("use: albireo pagetable PID [ADDR]")
    top = root(arguments[0])
    if len(arguments) == 2:
        _walk(top, arguments[1])
        return
    found = ranges(top)
    for begin, end, text in found:
        print(f"{begin:#014x} - {end:#014x}  {text}  {(end - begin) // 4096:>6} pages")
    print(f"{sum(end - begin for begin, end, _ in found) // 4096} pages, top table in frame {top:#x}")


def _walk(top, text):
    import gdb
    try:
        address = int(gdb.parse_and_eval(text))
    except gdb.error as problem:
        raise values.Unreadable(f"{text!r} is no address ({problem})") from None
    if not 0 <= address < 1 << 47:
        raise values.Unreadable(f"{address:#x} is no address of a user program")
    frame = top
    for level in (3, 2, 1, 0):
        index = address >> (12 + 9 * level) & 511
        entry = _table(frame)[index]
        print(f"level {level}: table in frame {frame:#x}, entry {index}: {entry:#018x}  {marks(entry) or 'empty'}")
        if level == 0:
            if entry & (PRESENT | HELD):
                print(f"{address:#x} is in frame {(entry & ADDRESS) >> 12:#x}, {rights(entry)}")
            else:
                print(f"{address:#x} is not mapped")
        elif not entry & PRESENT:
            print(f"{address:#x} is not mapped")
            return
        frame = (entry & ADDRESS) >> 12
