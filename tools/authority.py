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
ROOT_ONLY = re.compile(r"OSTD_ROOT\s+(?:class\s+|static\s+)?[\w:<>]*?\s*(\w+)\s*(?:\(|\{)")
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


INCLUDE = re.compile(r"#include <(ostd|services)/([\w/]+)\.h>")
HANDED = re.compile(r"\b(?:Ref|Own|Weak|Cap|CapRef|DynCap|WeakCap|Fn|StaticFn)<")


def parameters(text, at):
    """The text between the parenthesis that opens at this place and its partner."""
    depth = 0
    for end in range(at, len(text)):
        depth += {"(": 1, ")": -1}.get(text[end], 0)
        if depth == 0:
            return text[at + 1:end]
    return ""


def constructors(path):
    """(class, parameters) of each constructor in a header that is handed objects or capabilities; members of a struct `Parts` or
    `Authority` count as parameters of the class around it"""
    text = code(path)
    around = scopes(text)
    for start, end, name in sorted(around):
        short = name.split("::")[-1]
        outer = [n for a, b, n in sorted(around) if a < start and end < b]
        if short in ("Parts", "Authority") and outer:
            yield outer[-1], re.sub(r"\s*=[^;]*;", ";", text[start + 1:end]).replace(";", ",").strip(" ,\n")
            continue
        for m in re.finditer(rf"(?<![\w~:<>]){short}\(", text[start:end]):
            inner = [n for a, b, n in around if start < a < start + m.start() < b and n != name]
            if not inner and statement(text, start + m.start()).strip() in ("", "explicit", "public:", "public:\n  explicit"):
                yield short, parameters(text, start + m.end() - 1)


def handed(text):
    """The types in a list of parameters which are objects or capabilities."""
    depth, part, parts = 0, "", []
    for c in text + ",":
        depth += {"<": 1, ">": -1, "(": 1, ")": -1}.get(c, 0)
        if c == "," and depth == 0:
            parts.append(part)
            part = ""
        else:
            part += c
    found = []
    for part in parts:
        part = re.sub(r"\s+", " ", part.split("//")[0]).strip()
        if HANDED.search(part):
            found.append(re.sub(r"^const |&", "", re.sub(r"\s+\w+(?:\{\})?$", "", part)).strip())
    return found


def made_of():
    """Rows (component, class, what its constructor is handed) and (component, ostd headers, other components)"""
    rows, reach = set(), {}
    for path in sorted((ROOT / "services").rglob("*.[hc]*")):
        component = path.relative_to(ROOT / "services").parts[0]
        for where, what in INCLUDE.findall(path.read_text()):
            reach.setdefault(component, {"ostd": set(), "services": set()})[where].add(what.split("/")[0])
        if path.suffix == ".h":
            for name, text in constructors(path):
                if what := handed(text):
                    rows.add((component, name, ", ".join(what)))
    return sorted(rows), reach


def cell(text):
    return text.replace("<", "&lt;").replace(">", "&gt;").replace("|", "and")


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
    made, reach = made_of()
    out.append("\n## What constructors are handed\n\nOf each class in a header of services: the objects and capabilities it can use from then on. There "
               "is nothing else: no static object holds any (rule S11, tools/check_statics.py).\n\n| component | class | is handed |\n|---|---|---|\n")
    out += [f"| {c} | {name} | {cell(what)} |\n" for c, name, what in made]
    out.append("\n## Reach\n\nWhat each component includes. Why these headers of ostd give no authority, or by which capability they do: "
               "[capabilities.md](capabilities.md).\n\n| component | ostd | other components |\n|---|---|---|\n")
    for c, r in sorted(reach.items()):
        out.append(f"| {c} | {', '.join(sorted(r['ostd']))} | {', '.join(sorted(r['services'] - {c}))} |\n")
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
