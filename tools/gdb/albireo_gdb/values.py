# SPDX-License-Identifier: MPL-2.0
"""How ostd/base keeps things in memory: references, options, atomics, strings and containers. All read by debug info."""
import gdb

LIMIT = 100000  # a list longer than this is damaged, or runs in a circle


class Unreadable(Exception):
    """Something could not be read; the text says what and why."""


def symbol(name, what):
    """The value of a variable; an error that says what is missing otherwise."""
    try:
        return gdb.parse_and_eval(f"'{name}'")
    except gdb.error as problem:
        raise Unreadable(f"{what}: {name} cannot be read ({problem}); load the program with its debug info") from None


def type_named(name):
    try:
        return gdb.lookup_type(name)
    except gdb.error:
        raise Unreadable(f"the debug info has no type {name}") from None


def number(value):
    """An integer, from an Atomic, a strong type with one member, or a plain value."""
    if value.type.code == gdb.TYPE_CODE_REF:
        value = value.referenced_value()
    if value.type.strip_typedefs().code == gdb.TYPE_CODE_STRUCT:
        for name in ("v_", "value", "bits", "at", "ns"):
            if has(value, name):
                return number(value[name])
    return int(value)


def has(value, name):
    return any(field.name == name for field in value.type.strip_typedefs().fields())


def _pointer(value):
    """Of a Ref, Weak or Own, or of the Ref in a capability."""
    return (value["o_"] if has(value, "o_") else value)["p_"]


def reference(value, what="a reference"):
    """The object behind a Ref, Weak, Own or capability."""
    pointer = _pointer(value)
    if int(pointer) == 0:
        raise Unreadable(f"{what} is empty (it was moved from)")
    return pointer.dereference()


def option(value):
    """What an Opt holds, or None."""
    return value["slot_"]["value"] if bool(value["has_"]) else None


def optional_reference(value):
    held = option(value)
    return None if held is None or int(_pointer(held)) == 0 else _pointer(held).dereference()


def once(value):
    """What a Once holds, or None."""
    word = number(value["p_"])
    if word == 0:
        return None
    return gdb.Value(word).cast(value.type.strip_typedefs().template_argument(0).pointer()).dereference()


def locked(value):
    """The data of a lock, read without taking it."""
    return value["value_"]


def memory(address, size):
    return bytes(gdb.selected_inferior().read_memory(address, size))


def string(value):
    """An ostd::String as Python text."""
    raw = memory(int(value["raw_"].address), 24)
    if raw[23] & 0x80:
        at, size = int.from_bytes(raw[0:8], "little"), int.from_bytes(raw[8:16], "little")
        if size > 1 << 20:
            raise Unreadable(f"a string claims {size} bytes: it is damaged or not yet made")
        raw = memory(at, size)
    else:
        raw = raw[:raw[23]]
    return raw.decode("utf-8", "backslashreplace")


def text_words(words):
    """The 15 bytes in an array of Atomic<u64>."""
    raw = b"".join(number(words[i]).to_bytes(8, "little") for i in range(2))
    return raw.split(b"\0")[0].decode("utf-8", "backslashreplace")


def vec(value):
    size, data = int(value["size_"]), value["data_"]
    if size > LIMIT:
        raise Unreadable(f"a Vec claims {size} elements: it is damaged or not yet made")
    for i in range(size):
        yield data[i]


def hash_map(value):
    """(key, value) pairs."""
    buckets, seen = int(value["buckets_"]), 0
    levels = int(value["levels_"])
    for b in range(buckets):
        at = value["root_"]
        for level in range(levels - 1, 0, -1):
            at = at["index"]["children"][b // 32 >> 6 * (level - 1) & 63]
        node = at["segment"]["chains"][b % 32]
        while int(node) != 0:
            entry = node.dereference()
            yield entry["key"], entry["value"]
            node = entry["next"]
            seen += 1
            if seen > LIMIT:
                raise Unreadable("a HashMap does not end: it is damaged")


def tree_map(value):
    """(key, value) pairs in order."""
    node_type = gdb.lookup_type(str(value.type.strip_typedefs().unqualified()) + "::Node").pointer()
    stack, node, seen = [], value["root_"], 0
    while stack or int(node) != 0:
        while int(node) != 0:
            stack.append(node)
            node = node["child"][0]
            if len(stack) > 64:
                raise Unreadable("a Map is deeper than it can be: it is damaged")
        node = stack.pop()
        entry = node.cast(node_type).dereference()
        yield entry["key"], entry["value"]
        node = node["child"][1]
        seen += 1
        if seen > LIMIT:
            raise Unreadable("a Map does not end: it is damaged")


def dynamic_name(value):
    """The class of a polymorphic object by its table of virtual functions, such as svc::fs::Tmpfs."""
    table = int.from_bytes(memory(int(value.address), 8), "little")
    found = gdb.execute(f"info symbol {table:#x}", to_string=True)
    return found[len("vtable for "):].split(" + ")[0].split(" in section")[0] if found.startswith("vtable for ") else None


def function_at(pc):
    """name (file:line) of an address."""
    block_name = None
    try:
        block = gdb.block_for_pc(pc)
        while block is not None and block.function is None:
            block = block.superblock
        block_name = block.function.print_name if block is not None else None
    except RuntimeError:
        pass
    if block_name is None:
        found = gdb.execute(f"info symbol {pc:#x}", to_string=True).strip()
        return found.split(" in section")[0] if not found.startswith("No symbol") else f"{pc:#x}"
    line = gdb.find_pc_line(pc)
    place = f" ({line.symtab.filename.split('../')[-1]}:{line.line})" if line.symtab else ""
    return block_name.replace("(anonymous namespace)::", "").split("(")[0] + place
