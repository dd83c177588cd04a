#!/usr/bin/env python3
# SPDX-License-Identifier: MPL-2.0
"""Writes the symbol table of a kernel image as assembly: symbol_table.py NM IMAGE OUT. rt/symbols.cpp reads it."""
import subprocess
import sys

LONGEST = 96


def shorten(name):
    name = name.replace("(anonymous namespace)::", "")
    depth, out = 0, []
    for c in name:  # parameters and template arguments say little in a backtrace
        if c in "(<":
            depth += 1
            continue
        if c in ")>":
            depth = max(depth - 1, 0)
            continue
        if depth == 0:
            out.append(c)
    text = "".join(out).strip()
    if "operator" in name or not text:
        text = name
    return text[:LONGEST].encode("ascii", "replace").decode()


def main():
    nm, image, out = sys.argv[1:]
    listing = subprocess.run([nm, "-C", "--defined-only", image], check=True, capture_output=True, text=True).stdout
    begin, functions = None, {}
    for line in listing.splitlines():
        parts = line.split(" ", 2)
        if len(parts) != 3:
            continue
        address, kind, name = parts
        if name == "text_begin":
            begin = int(address, 16)
        if kind in "tTwW":
            functions.setdefault(int(address, 16), name)
    names, offsets, text = {}, [], b""
    table = sorted((a - begin, shorten(n)) for a, n in functions.items() if a >= begin)
    for _, name in table:
        if name not in names:
            names[name] = len(text)
            text += name.encode() + b"\0"
        offsets.append(names[name])
    with open(out, "w") as f:
        f.write('.section .symbols, "a"\n.balign 4\n')
        f.write(f".long {len(table)}\n")
        for values in ([a for a, _ in table], offsets):
            for i in range(0, len(values), 16):
                f.write(".long " + ",".join(map(str, values[i:i + 16])) + "\n")
        for i in range(0, len(text), 64):
            f.write(".byte " + ",".join(map(str, text[i:i + 64])) + "\n")
        f.write('.section .note.GNU-stack, "", @progbits\n')


main()
