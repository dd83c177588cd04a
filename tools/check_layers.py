#!/usr/bin/env python3
# SPDX-License-Identifier: MPL-2.0
"""Checks the direction of dependencies by #include.

apps -> nothing of the OS;  services -> ostd/include, ostd/base and the components that services/layers.txt allows;
ostd/{common,kernel_target,host_target} -> ostd/include, ostd/base, ostd/common;  ostd never -> services.
Only ostd/host_target/linux may include headers of the host's C library and Linux. Services have no #if at all: nothing in
them may depend on the target. --self-test shows that each rule is able to fail.
"""
import pathlib
import re
import sys
import tempfile

SOURCES = {".h", ".hpp", ".cpp", ".cc", ".c", ".S", ".inc"}
DIRECTIVE = re.compile(r'^\s*#\s*(\w+)\s*(.*)')
TARGET = re.compile(r'^\s*[<"]([^>"]+)[>"]')
# Standard headers that work without a C library; services get fewer (docs/safe-profile.md).
SERVICE_STD = {"type_traits", "concepts", "utility", "span", "string_view", "compare", "limits", "cstdint", "cstddef", "bit"}
FREESTANDING_STD = SERVICE_STD | {"new", "memory", "stdint.h", "stddef.h", "stdarg.h", "cstdarg", "cstring", "array", "tuple",
                                  "initializer_list"}
# Parts of base that only base and ostd use.
BASE_PRIVATE = {"base/raw_memory.h", "base/tree.h"}
# Linked-in libraries whose headers need no C library.
HOSTED = {"new.cpp": ("malloc.h", "cstdlib")}  # files with a part that passes on to the host's allocator under sanitizers
BOOST = re.compile(r"boost/context/detail/fcontext\.hpp$")


def includes(path):
    """(line number, directive, rest) of each preprocessor line; comments are cut off."""
    block = False
    for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
        if block:
            if "*/" not in line:
                continue
            line, block = line.split("*/", 1)[1], False
        line = re.sub(r"/\*.*?\*/", " ", line)
        if "/*" in line:
            line, block = line.split("/*", 1)[0], True
        match = DIRECTIVE.match(line)
        if match:
            yield number, match.group(1), match.group(2).split("//")[0].strip()


def read_layers(path):
    """services/layers.txt: `component: the components it may use`, as a dictionary."""
    layers = {}
    for line in path.read_text().splitlines():
        line = line.split("#", 1)[0].strip()
        if line:
            name, _, uses = line.partition(":")
            layers[name.strip()] = uses.split()
    return layers


def cycle(layers):
    """Some cycle of the declared graph as a list, or None."""
    state = {}

    def visit(name, trail):
        if state.get(name) == "done":
            return None
        if state.get(name) == "open":
            return trail[trail.index(name):] + [name]
        state[name] = "open"
        for use in layers.get(name, []):
            found = visit(use, trail + [name])
            if found:
                return found
        state[name] = "done"
        return None

    for name in layers:
        found = visit(name, [])
        if found:
            return found
    return None


class Checker:
    def __init__(self, root):
        self.root = root
        self.errors = []
        self.used = {}
        layers = root / "services/layers.txt"
        self.layers = read_layers(layers) if layers.exists() else {}

    def error(self, path, line, text):
        self.errors.append(f"{path.relative_to(self.root)}:{line}: {text}")

    def exists(self, folder, header):
        return (self.root / folder / header).is_file()

    def common_ok(self, header):
        """What every part of ostd may include."""
        return header.startswith(("base/", "ostd/")) or header in FREESTANDING_STD

    def service(self, path, component, line, header):
        if header.startswith("services/"):
            other = header.split("/")[1]
            if not (self.root / header).is_file():
                self.error(path, line, f"{header} does not exist")
            elif other != component:
                self.used.setdefault(component, set()).add(other)
                if other not in self.layers.get(component, []):
                    self.error(path, line, f"{component} may not use {other} (services/layers.txt)")
        elif header.startswith("base/"):
            if not self.exists("ostd/base", header) or header in BASE_PRIVATE:
                self.error(path, line, f"{header} is not for services")
        elif header.startswith("ostd/"):
            if not self.exists("ostd/include", header) or header.count("/") != 1:
                self.error(path, line, f"{header} is not for services")
        elif header not in SERVICE_STD:
            self.error(path, line, f"<{header}> is not allowed in services (write the path from the root for own headers)")

    def services(self):
        top = self.root / "services"
        for folder in sorted(p for p in top.glob("*") if p.is_dir()):
            name = folder.name
            if name not in self.layers:
                self.error(folder, 0, "component is not declared in services/layers.txt")
            for path in sorted(folder.rglob("*")):
                if path.name == "meson.build" and re.search(r"kernel_|host_|ostd_[kh]\b", path.read_text()):
                    self.error(path, 0, "a component's build file names a target")
                if path.suffix not in SOURCES:
                    continue
                for line, directive, rest in includes(path):
                    target = TARGET.match(rest)
                    if directive == "include" and target:
                        self.service(path, name, line, target.group(1))
                    elif directive in ("if", "ifdef", "ifndef", "elif", "elifdef", "elifndef", "include_next", "embed", "include"):
                        self.error(path, line, f"#{directive} in a service")
        for name, uses in self.layers.items():
            for use in uses:
                if use not in self.layers:
                    self.error(top / "layers.txt", 0, f"{name} uses {use}, which is not declared")
        found = cycle(self.layers)
        if found:
            self.error(top / "layers.txt", 0, "cycle: " + " -> ".join(found))

    def ostd_part(self, folder, allowed):
        for path in sorted((self.root / folder).rglob("*")):
            if path.suffix not in SOURCES:
                continue
            for line, directive, rest in includes(path):
                target = TARGET.match(rest)
                if directive != "include" or not target:
                    continue
                header = target.group(1)
                if header.startswith("services/") or (self.root / "services" / header).is_file():
                    self.error(path, line, f"ostd never uses services ({header})")
                elif not allowed(path, header):
                    self.error(path, line, f"{folder} may not use {header}")

    def target_headers(self, target):
        def allowed(path, header):
            here = self.root / "ostd" / target
            if self.common_ok(header) or BOOST.match(header):
                return True
            if header.startswith("common/") or (here / header).is_file() or (path.parent / header).is_file():
                return True
            if (here / "include" / header).is_file() or (here / "libcxx" / header).is_file():
                return True
            # The host's own headers: only where the folder says Linux; any of its files may be named by the rest.
            return target == "host_target" and path.is_relative_to(here / "linux")
        return allowed

    def ostd(self):
        libcxx = self.root / "ostd/kernel_target/libcxx"
        std = FREESTANDING_STD
        self.ostd_part("ostd/base", lambda p, h: h.startswith("base/") or h in std)
        self.ostd_part("ostd/include", lambda p, h: self.common_ok(h))
        self.ostd_part("ostd/common", lambda p, h: self.common_ok(h) or h.startswith("common/") or bool(BOOST.match(h))
                       or (p.parent / h).is_file() or self.exists("ostd/common", h) or h in HOSTED.get(p.name, ()) or h.startswith("sanitizer/"))
        kernel = self.target_headers("kernel_target")
        self.ostd_part("ostd/kernel_target", lambda p, h: p.is_relative_to(libcxx) or kernel(p, h))
        self.ostd_part("ostd/host_target", self.target_headers("host_target"))

    def apps(self):
        for path in sorted((self.root / "apps").rglob("*")):
            if path.suffix in SOURCES:
                for line, directive, rest in includes(path):
                    target = TARGET.match(rest)
                    if directive == "include" and target and re.match(r"(ostd|base|services|common)/", target.group(1)):
                        self.error(path, line, "apps see the Linux ABI only")

    def run(self):
        self.services()
        self.ostd()
        self.apps()
        return self.errors


SELF_TEST = [
    ("services/a/x.h", "#include <services/b/y.h>\n", "may not use b"),
    ("services/a/x.h", "#include <ostd/target/cpu.h>\n", "not for services"),
    ("services/a/x.h", "#include <common/heap.h>\n", "not allowed"),
    ("services/a/x.h", "#include <vector>\n", "not allowed"),
    ("services/a/x.h", "#include <base/tree.h>\n", "not for services"),
    ("services/a/x.h", "  # ifdef HOST\n", "#ifdef in a service"),
    ("services/a/x.h", "/* c */ #include HEADER\n", "#include in a service"),
    ("services/a/meson.build", "x = host_args\n", "names a target"),
    ("services/c/x.h", "\n", "not declared"),
    ("services/layers.txt", "a: b\nb: a\n", "cycle: a -> b -> a"),
    ("services/layers.txt", "a: z\nb:\n", "which is not declared"),
    ("ostd/common/x.cpp", "#include <services/b/y.h>\n", "never uses services"),
    ("ostd/base/base/x.h", "#include <ostd/frame.h>\n", "may not use"),
    ("ostd/common/x.cpp", "#include <unistd.h>\n", "may not use"),
    ("ostd/host_target/task/x.cpp", "#include <sys/mman.h>\n", "may not use"),
    ("ostd/kernel_target/x.cpp", "#include <linux/futex.h>\n", "may not use"),
    ("apps/x/x.c", '#include "base/vec.h"\n', "Linux ABI only"),
]


def self_test():
    good = {"services/layers.txt": "a:\nb:\n", "services/a/x.h": "#include <base/vec.h>\n#include <ostd/frame.h>\n",
            "services/b/y.h": "#pragma once\n", "ostd/base/base/vec.h": "#include <new>\n", "ostd/base/base/tree.h": "",
            "ostd/include/ostd/frame.h": "#include <base/vec.h>\n", "ostd/common/common/heap.h": "",
            "ostd/common/x.cpp": "#include <common/heap.h>\n", "ostd/host_target/linux/x.cpp": "#include <sys/mman.h>\n"}
    failures = 0
    for name, text, want in [("README.md", "", None)] + SELF_TEST:
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            for file, content in {**good, name: text}.items():
                (root / file).parent.mkdir(parents=True, exist_ok=True)
                (root / file).write_text(content)
            errors = Checker(root).run()
            if (want is None and errors) or (want is not None and not any(want in e for e in errors)):
                failures += 1
                print(f"self-test: {name} with {text!r}: wanted {want!r}, got {errors}")
    return failures


def main():
    if "--self-test" in sys.argv:
        sys.exit(1 if self_test() else 0)
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent).resolve()
    checker = Checker(root)
    errors = checker.run()
    for error in errors:
        print(error)
    for name, uses in checker.layers.items():
        unused = set(uses) - checker.used.get(name, set())
        if unused and (root / "services" / name).is_dir() and "-v" in sys.argv:
            print(f"note: {name} does not use {', '.join(sorted(unused))} yet")
    print(f"check_layers: {len(errors)} errors")
    sys.exit(1 if errors else 0)


if __name__ == "__main__":
    main()
