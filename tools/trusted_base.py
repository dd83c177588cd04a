#!/usr/bin/env python3
# SPDX-License-Identifier: MPL-2.0
"""Prints the size of the trusted base: what of ostd is linked into each target, since only ostd may be unsafe.

Counted are lines with code (no blank lines, no lines of comment only) of the sources that the libraries ostd_k and ostd_h are made
of, and of all headers in their folders. `--check` also compares README.md with the figures, and fails above the limit.
"""
import pathlib
import re
import sys

sys.dont_write_bytecode = True
import check_safety

LIMIT = 15_000
SHARED = ("ostd/base", "ostd/include", "ostd/common")
TARGETS = {"kernel": "ostd/kernel_target", "host": "ostd/host_target"}
HEADERS = {".h", ".inc"}
SOURCES = {".cpp", ".c", ".S"}


def code_lines(path):
    count, inside = 0, False
    for line in path.read_text(errors="replace").splitlines():
        text = line.strip()
        if inside:
            inside = "*/" not in text
        elif text.startswith("/*"):
            inside = "*/" not in text
        elif text and not text.startswith("//"):
            count += 1
    return count


def named_sources(folder):
    """Sources that the folder's meson.build and those below it name; images of tests are not among them."""
    found = set()
    for build in folder.rglob("meson.build"):
        text = build.read_text()
        # What belongs to other images is declared with them.
        text = re.sub(r"kernel_images \+= \{.*?\}", "", text, flags=re.S)
        for name in re.findall(r"'([\w./-]+\.(?:cpp|c|S))'", text):
            path = (build.parent / name).resolve()
            if path.exists() and folder.resolve() in path.parents:
                found.add(path)
    return found


def files(root, folder):
    base = root / folder
    return sorted(named_sources(base) | {p.resolve() for p in base.rglob("*") if p.suffix in HEADERS})


def measure(root):
    """{target: (lines, share of all lines in percent, unsafe sites)}"""
    lines = {f: sum(map(code_lines, files(root, f))) for f in (*SHARED, *TARGETS.values())}
    unsafe = {f: sum(1 for _ in check_safety.scan(root, f)) for f in lines}
    services = sum(code_lines(p) for p in (root / "services").rglob("*") if p.suffix in SOURCES | HEADERS)
    result = {}
    for target, folder in TARGETS.items():
        parts = (*SHARED, folder)
        total = sum(lines[p] for p in parts)
        result[target] = (total, 100 * total / (total + services), sum(unsafe[p] for p in parts))
    return result


def main():
    root = pathlib.Path(__file__).resolve().parent.parent
    figures = measure(root)
    failures = 0
    print(f"{'target':8} {'lines of ostd':>14} {'share of all lines':>19} {'unsafe sites':>13}")
    for target, (lines, share, unsafe) in figures.items():
        print(f"{target:8} {lines:14} {share:17.1f} % {unsafe:13}")
        if lines > LIMIT:
            print(f"  more than {LIMIT} lines")
            failures += 1
    if "--check" in sys.argv:
        readme = (root / "README.md").read_text()
        for target, (lines, share, unsafe) in figures.items():
            row = re.search(rf"^\| now \| {target} \| ([\d,]+) \| (\d+) % \| (\d+) \|$", readme, re.M)
            if not row or abs(int(row.group(1).replace(",", "")) - lines) > 200 or abs(int(row.group(2)) - share) > 1.5 \
                    or abs(int(row.group(3)) - unsafe) > 10:
                print(f"README.md: its row of the {target} target should be | now | {target} | {lines:,} | {share:.0f} % | {unsafe} |")
                failures += 1
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
