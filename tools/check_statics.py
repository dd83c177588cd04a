#!/usr/bin/env python3
# SPDX-License-Identifier: MPL-2.0
"""No state of services outside of objects that somebody was given: looks into the compiled objects of services (and, for linked
programs, at the symbols of namespace svc) for data that can be written and is not ostd's. What rule S11 of the Safe Profile says of the
source, this says of the result.

usage: check_statics.py ARCHIVE_OR_PROGRAM...
       check_statics.py --self-test COMPILER FLAGS...
"""
import pathlib
import struct
import subprocess
import sys
import tempfile

WRITE, ALLOC = 1, 2
SYMTAB, INIT_ARRAY, FINI_ARRAY, PREINIT_ARRAY = 2, 14, 15, 16
RELOCATABLE, COMMON = 1, 0xfff2
# ostd's inline variables and tables, in every object that uses them; the linker makes one of each.
OSTD = ("_ZN4ostd", "_ZGVN4ostd")


class Elf:
    def __init__(self, data):
        self.data = data
        if data[:6] != b"\x7fELF\x02\x01":
            raise ValueError("no ELF64 object")
        self.type, = struct.unpack_from("<H", data, 16)
        offset, = struct.unpack_from("<Q", data, 40)
        size, count, names = struct.unpack_from("<HHH", data, 58)
        first = struct.unpack_from("<IIQQQQIIQQ", data, offset)
        count, names = count or first[5], first[6] if names == 0xffff else names  # as objects with many sections have it
        raw = [struct.unpack_from("<IIQQQQIIQQ", data, offset + i * size) for i in range(count)]
        self.sections = [(self.text(raw[names][4] + s[0]), *s[1:]) for s in raw]

    def text(self, at):
        return self.data[at:self.data.index(b"\0", at)].decode()

    def symbols(self):
        """(name, kind, number of its section)"""
        for number, s in enumerate(self.sections):
            if s[1] != SYMTAB:
                continue
            extra = next((x for x in self.sections if x[1] == 18 and x[6] == number), None)
            for i in range(s[5] // 24):
                name, info, _, section = struct.unpack_from("<IBBH", self.data, s[4] + i * 24)
                if section == 0xffff and extra:
                    section, = struct.unpack_from("<I", self.data, extra[4] + i * 4)
                yield self.text(self.sections[s[6]][4] + name), info & 15, section


def writable(section):
    # .data.rel.ro is written by the loader only and read-only afterwards.
    return section[2] & (WRITE | ALLOC) == WRITE | ALLOC and section[5] > 0 and not section[0].startswith(".data.rel.ro")


def state_of(data):
    """Names of what can be written in an object file, or in a linked program of what services have of it."""
    elf = Elf(data)
    names = {}
    for name, kind, section in elf.symbols():
        if kind not in (3, 4):  # sections, files
            names.setdefault(section, []).append(name)
    found = [f"{n} (common)" for n in names.get(COMMON, [])]
    for number, section in enumerate(elf.sections):
        if not writable(section):
            continue
        inside = names.get(number, [])
        if elf.type == RELOCATABLE:
            if section[1] in (INIT_ARRAY, FINI_ARRAY, PREINIT_ARRAY) or not inside:
                found.append(f"{section[0]} ({section[5]} bytes)")
            found += [f"{n} in {section[0]}" for n in inside if not n.startswith(OSTD)]
        else:
            found += [f"{n} in {section[0]}" for n in inside if n.startswith("_Z") and "N3svc" in n]
    return found


def files_of(path):
    """The objects of an archive, thin or not; else the file itself."""
    data = path.read_bytes()
    if data[:8] not in (b"!<thin>\n", b"!<arch>\n"):
        return [(path.name, data)]
    out, at, long_names, thin = [], 8, b"", data[:8] == b"!<thin>\n"
    while at + 60 <= len(data):
        name, size = data[at:at + 16].decode().strip(), int(data[at + 48:at + 58])
        body = at + 60
        special = name in ("/", "//", "/SYM64/")
        if name == "//":
            long_names = data[body:body + size]
        if not special:
            if name.startswith("/"):
                start = int(name[1:])
                name = long_names[start:long_names.index(b"\n", start)].decode()
            name = name.rstrip("/")
            out.append((name, (path.parent / name).read_bytes() if thin else data[body:body + size]))
        at = body if thin and not special else body + size + size % 2
    return out


def check(paths):
    bad = looked = 0
    for path in paths:
        for name, data in files_of(pathlib.Path(path)):
            looked += 1
            for what in state_of(data):
                bad += 1
                print(f"{path}: {name}: {what}: state that nobody was given; make it a member of an object")
    print(f"{looked} objects, {bad} findings")
    return 1 if bad or not looked else 0


ADDED = {  # each must be found
    "int svc_counter = 0; int f() { return ++svc_counter; }": "svc_counter",
    "int svc_counter = 7; int f() { return ++svc_counter; }": "svc_counter",
    "int f() { static int calls = 0; return ++calls; }": "calls",
    "template <class T> struct S { static inline int n = 3; }; int f() { return ++S<int>::n; }": "1n",
    "inline int shared = 2; int f() { return ++shared; }": "shared",
    "thread_local int mine = 0; int f() { return ++mine; }": "mine",
    "struct A { mutable int n = 1; }; extern const A a; const A a{}; int f() { return ++a.n; }": " in .data",
    "int g(); const int now = g(); int f() { return now; }": ".init_array",
    "struct A { A(); ~A(); }; static A a;": ".init_array",
}
CLEAN = ["constexpr int k = 3; int f() { return k; }", "namespace ostd { inline int seed = 4; } int f() { return ++ostd::seed; }",
         "struct A { virtual int g() { return 1; } }; A* f(A* a) { new (a) A; return a; }".replace("new (a) A; ", ""),
         "const char* const names[2] = {\"a\", \"b\"}; const char* f(int i) { return names[i]; }"]


def self_test(compiler):
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for number, source in enumerate([*ADDED, *CLEAN]):
            at = pathlib.Path(folder) / f"{number}.cpp"
            at.write_text(source + "\n")
            subprocess.run([*compiler, "-c", "-O1", "-Wno-everything", "-fPIC", str(at), "-o", str(at.with_suffix(".o"))], check=True, timeout=60)
            subprocess.run(["ar", "rcsT" if number % 2 else "rcs", f"{number}.a", f"{number}.o"], cwd=folder, check=True, timeout=60)
            found = [s for _, data in files_of(at.with_suffix(".a")) for s in state_of(data)]
            wanted = ADDED.get(source)
            if (wanted is None and found) or (wanted is not None and not any(wanted in f for f in found)):
                failed += 1
                print(f"wrong: {source}: {found}")
    print(f"{len(ADDED) + len(CLEAN) - failed} of {len(ADDED) + len(CLEAN)} right")
    return 1 if failed else 0


if __name__ == "__main__":
    arguments = [a for x in sys.argv[1:] for a in x.split(";")]
    if arguments[:1] == ["--self-test"]:
        sys.exit(self_test(arguments[1:]))
    sys.exit(check(arguments) if arguments else "usage: check_statics.py ARCHIVE_OR_PROGRAM...")
