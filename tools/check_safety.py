#!/usr/bin/env python3
# SPDX-License-Identifier: MPL-2.0
"""Counts unsafe sites in ostd and finds those without a `SAFETY:` comment beside them.

A site is a line with a construct that the Safe Profile forbids in services and that can be found by its spelling. Its reason
stands in a `SAFETY:` comment on the line or in the lines directly above (one comment may cover a run of sites below it). An
invariant that all object lifetimes of a class rest on is written once, as `SAFETY (invariant):`; it covers placement new,
destructor calls, unions and casts from void* from there to the end of the file.
Each site in ostd must have a reason. In services no such site may be at all.
"""
import pathlib
import re
import sys

KINDS = {
    "reinterpret_cast": r"\breinterpret_cast\b",
    "const_cast": r"\bconst_cast\b",
    "bit_cast": r"\bbit_cast\b",
    "cast from void*": r"\bstatic_cast<\s*(?:const\s+)?[\w:]+(?:<[^()]*>)?\s*\*>\(\s*(?:o|p|obj_?|object|head_|tail_|data)\)",
    "asm": r"\b(?:__)?asm(?:__)?\b\s*(?:volatile|goto|\()",
    "placement new": r"(?<!operator )\bnew\s*\(",
    "destructor call": r"(?:->|\.)\s*~\w+",
    "union": r"^\s*union\b",
    "volatile": r"\bvolatile\b(?!\s*\()",
}
SITE = {name: re.compile(pattern) for name, pattern in KINDS.items()}
SUFFIXES = {".h", ".cpp", ".inc"}
BY_INVARIANT = {"placement new", "destructor call", "union", "cast from void*"}
INVARIANT = "SAFETY (invariant):"
FOLDERS = ["ostd/base", "ostd/include", "ostd/common", "ostd/kernel_target", "ostd/host_target"]
REACH = 8  # lines a comment covers, while they are not separated by a blank line


def strip(line):
    """The line without strings and line comments."""
    line = re.sub(r'"(?:\\.|[^"\\])*"', '""', line)
    return line.split("//", 1)[0]


def sites(text):
    """(line number, kind, has a reason) of each unsafe site."""
    lines = text.splitlines()
    invariant = False
    for index, line in enumerate(lines):
        invariant = invariant or INVARIANT in line
        code = strip(line)
        for kind, pattern in SITE.items():
            if not pattern.search(code):
                continue
            reason = "SAFETY:" in line or (invariant and kind in BY_INVARIANT)
            for back in range(1, REACH + 1):
                if reason or index - back < 0 or not lines[index - back].strip():
                    break
                reason = "SAFETY:" in lines[index - back]
            yield index + 1, kind, reason


def scan(root, folder):
    for path in sorted((root / folder).rglob("*")):
        if path.suffix in SUFFIXES:
            for line, kind, reason in sites(path.read_text(errors="replace")):
                yield path.relative_to(root), line, kind, reason


def self_test():
    bad = ["int* p = reinterpret_cast<int*>(x);", "asm volatile(\"hlt\");", "::new (p) T();", "p->~T();", "const_cast<T&>(x);",
           "return *static_cast<T*>(o);", "  union Slot {", "volatile int x;"]
    good = ["// SAFETY: why\nreinterpret_cast<int*>(x);", "asm(\"\");  // SAFETY: why", "// reinterpret_cast", "new T();", "~Own() {}",
            "static_cast<int>(x);", 'log("reinterpret_cast<");']
    failures = [t for t in bad if not any(not reason for _, _, reason in sites(t))]
    failures += [t for t in good if any(not reason for _, _, reason in sites(t))]
    lifetime = f"// {INVARIANT} x\n\nv.~T();\n\nconst_cast<T&>(x);"
    failures += ["invariant"] if [reason for _, _, reason in sites(lifetime)] != [True, False] else []
    failures += ["blank"] if all(reason for _, _, reason in sites("// SAFETY: a\n\nconst_cast<T&>(x);")) else []
    for text in failures:
        print("self-test:", repr(text))
    return len(failures)


def main():
    if "--self-test" in sys.argv:
        sys.exit(1 if self_test() else 0)
    arguments = [a for a in sys.argv[1:] if not a.startswith("-")]
    root = pathlib.Path(arguments[0] if arguments else pathlib.Path(__file__).parent.parent).resolve()
    failures = 0
    print(f"{'folder':22} {'sites':>6} {'without a reason':>17}")
    for folder in FOLDERS:
        found = list(scan(root, folder))
        open_sites = [f for f in found if not f[3]]
        print(f"{folder:22} {len(found):6} {len(open_sites):17}")
        for path, line, kind, _ in open_sites:
            print(f"  {path}:{line}: {kind} without a SAFETY: comment")
        failures += len(open_sites)
    for path, line, kind, _ in scan(root, "services"):
        print(f"  {path}:{line}: {kind} in services")
        failures += 1
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
