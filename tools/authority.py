#!/usr/bin/env python3
# SPDX-License-Identifier: MPL-2.0
"""Writes docs/authority.md: which component holds, takes or gives which capability with which rights, read from the headers of
services (members of classes in source files count too, and what services/boot mints); --check compares instead."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
DOCUMENT = ROOT / "docs" / "authority.md"
HEADERS = [ROOT / "ostd" / "include" / "ostd", ROOT / "services"]
RIGHTS = re.compile(r"namespace (\w+) \{\s*inline constexpr auto ([^;]*);")
RIGHT = re.compile(r"(\w+) = Rights<(\w+)>::bit\(\d+\)")
KEY = re.compile(r"class (\w+)\b[^;{]*\{\s*public:\s*(?:using MintKey = (\w+);|class MintKey \{([^}]*))")
FRIEND = re.compile(r"friend (?:class (?:\w+::)*(\w+);|[^;(]*\b(\w+)\()")
ROOT_ONLY = re.compile(r"OSTD_ROOT\s+(?:class\s+)?[\w:<>]*?\s*(\w+)\s*(?:\(|\{)")
CAPABILITY = re.compile(r"\b(Cap|CapRef|DynCap|WeakCap)<((?:\w+::)*[A-Z]\w*)(?:,\s*([^<>]*))?>(::mint)?")
COMMENT = re.compile(r"//[^\n]*|\"(?:[^\"\\\n]|\\.)*\"")

HEAD = """# Who may do what

Written by tools/authority.py from the headers; a test compares. What capabilities are: [capabilities.md](capabilities.md). *holds*:
keeps it; *takes*: as a parameter; *gives*: returns it, after the check that its comment names. What needs no right, and what every
component may use (time, random numbers, tasks, memory accounts given to it), is not here.

"""


def code(path):
    return COMMENT.sub("", path.read_text())


def scopes(text):
    """position -> names of the classes and functions around it: a list of (start, end, name)."""
    stack, found, begin = [], [], 0
    for at, c in enumerate(text):
        if c == "{":
            head = text[begin:at]
            name = re.search(r"\b(?:class|struct)\s+(?:OSTD_\w+\s+)?([\w:]+)[^;()]*$", head)
            stack.append((at, name.group(1) if name else None))
        elif c == "}" and stack:
            start, name = stack.pop()
            if name:
                found.append((start, at, name))
        if c in ";{}":
            begin = at + 1
    return found


def statement(text, at):
    """What stands before this place in its declaration, braces in initialisers aside."""
    return text[max(text.rfind(c, 0, at) for c in ";{}") + 1:at]


def uses(path):
    """(kind, where, capability) for each mention in a file"""
    text = code(path)
    around = scopes(text)
    for m in CAPABILITY.finditer(text):
        rights = " ".join((m.group(3) or "checked when used").split())
        if rights == "R":
            rights = "those asked for"
        what = (m.group(1), m.group(2).split("::")[-1], rights)
        inside = [name for start, end, name in sorted(around) if start < m.start() < end]
        owner = inside[-1] if inside else ""
        before, after = statement(text, m.start()), text[m.end():]
        if m.group(4):
            if path.parent.name == "boot":
                yield "mints", "services/boot", what
            continue
        if "using " in before or "friend " in before or re.search(r"\breturn\b", before):
            continue
        name = re.match(r"(?:\s*>)*\s*&?\s*(\w+)?\s*(\(|;|=|\{|,|\))?", after)
        ident, then = name.group(1), name.group(2)
        if before.count("(") > before.count(")"):
            function = re.search(r"(\w+)\s*\([^()]*(?:\([^()]*\)[^()]*)*$", before)
            if path.suffix == ".h" and function:
                yield "takes", "::".join(filter(None, [owner, function.group(1)])), what
        elif then == "(" and path.suffix == ".h" and ident:
            yield "gives", "::".join(filter(None, [owner, ident])), what
        elif ident and then in (";", "{", "=") and (ident.endswith("_") or (path.suffix == ".h" and owner)):
            yield "holds", owner, what


def document():
    headers = sorted(p for d in HEADERS for p in d.rglob("*.h"))
    keys = {c: key or ", ".join(a or b for a, b in FRIEND.findall(body)) for p in headers for c, key, body in KEY.findall(code(p))}
    out = [HEAD, "## Resources\n\n| resource | rights | minted with | declared in |\n|---|---|---|---|\n"]
    for path in headers:
        for _, rights in RIGHTS.findall(code(path)):
            names = RIGHT.findall(rights)
            if names:
                key = keys.get(names[0][1], "?")
                out.append(f"| {names[0][1]} | {', '.join(n for n, _ in names)} | "
                           f"{'RootKey, by services/boot' if key == 'RootKey' else 'its own key, by ' + key} | {path.relative_to(ROOT)} |\n")
    roots = sorted({f"{n} ({p.name})" for p in headers for n in ROOT_ONLY.findall(code(p))})
    out.append(f"\nOnly services/boot may call: {', '.join(roots)}.\n")
    out.append("\n## Components\n\n| component | does | where | capability | rights |\n|---|---|---|---|---|\n")
    rows = set()
    for path in sorted((ROOT / "services").rglob("*.[hc]*")):
        if path.suffix in (".h", ".cpp"):
            component = path.relative_to(ROOT / "services").parts[0]
            rows |= {(component, kind, where, *what) for kind, where, what in uses(path)}
    for component, kind, where, form, resource, rights in sorted(rows):
        out.append(f"| {component} | {kind} | {where} | {form}&lt;{resource}&gt; | {rights.replace('|', 'and')} |\n")
    return "".join(out), rows


def main():
    text, rows = document()
    if len(rows) < 8:  # the script has stopped to understand the sources
        print("too few capabilities found")
        return 1
    if "--check" not in sys.argv[1:]:
        DOCUMENT.write_text(text)
    elif not DOCUMENT.exists() or DOCUMENT.read_text() != text:
        print("docs/authority.md is not current: run tools/authority.py")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
