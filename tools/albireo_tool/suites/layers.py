# SPDX-License-Identifier: MPL-2.0
"""The direction of dependencies (docs/architecture.md), read off the #include lines, and rules a compiler does not check.

A layer is a folder; RULES say which paths its files may include. Standard C++ headers (no slash, no .h) are free.
"""
import re

from .. import paths, testing

INCLUDE = re.compile(r'^\s*#\s*include\s+[<"]([^>"]+)[>"]')
C_HEADERS = {"stddef.h", "stdint.h", "limits.h", "float.h", "stdarg.h"}

# folder -> what may be included, as the beginning of the path; the first folder that fits a file decides.
RULES = {
    "ostd/include": ("ostd/", "base/"),
    "ostd/base": ("base/",),
    # malloc.h and sanitizer/ only where __STDC_HOSTED__ or a sanitizer says that they are there.
    "ostd/common": ("OWN", "malloc.h", "sanitizer/", "ostd/", "base/", "boost/context/detail/fcontext.hpp"),
    "ostd/kernel_target/include": ("ostd/", "base/", "common/", "target/"),
    "ostd/kernel_target": ("OWN", "ostd/", "base/", "common/", "boost/context/detail/fcontext.hpp"),
    "ostd/host_target/include": ("ostd/", "base/", "common/", "target/"),
    "ostd/host_target/linux": ("OWN", "ostd/", "base/", "common/", "SYSTEM"),
    "ostd/host_target": ("OWN", "ostd/", "base/", "common/", "linux/", "boost/context/detail/fcontext.hpp"),
    "services": ("services/", "ostd/", "base/"),
}
NEVER_IN_SERVICES = ("ostd/target/", "ostd/detail/")


def sources(folder):
    return [path for path in sorted((paths.ROOT / folder).rglob("*")) if path.suffix in (".h", ".cpp", ".c", ".S", ".hpp")]


def lines(path):
    return path.read_text(errors="replace").split("\n")


def includes(path):
    """(line number, included path)"""
    for number, line in enumerate(lines(path), 1):
        match = INCLUDE.match(line)
        if match:
            yield number, match.group(1)


def layer_of(name):
    return next((folder for folder in sorted(RULES, key=len, reverse=True) if name.startswith(folder + "/")), None)


def allowed(folder, target, own):
    if "/" not in target and (not target.endswith(".h") or target in C_HEADERS):
        return True
    for rule in RULES[folder]:
        if rule == "SYSTEM" or rule == "OWN" and target.split("/")[0] in own:
            return True
        if target.startswith(rule):
            return not (folder == "services" and target.startswith(NEVER_IN_SERVICES))
    return False


def check_includes(folder):
    """Forbidden #include lines of a layer."""
    top = paths.ROOT / "/".join(folder.split("/")[:2])
    own = {path.name for path in top.iterdir()} if top.is_dir() else set()
    problems = []
    for path in sources(folder):
        name = path.relative_to(paths.ROOT).as_posix()
        if layer_of(name) != folder:
            continue
        problems += [f"{name}:{number}: <{target}>" for number, target in includes(path)
                     if not (path.parent / target).exists() and not allowed(folder, target, own)]
    return problems


def check_conditionals():
    """Services are the same source on both targets: nothing in them may ask for one."""
    return [f"{path.relative_to(paths.ROOT)}:{number}: {line.strip()}" for path in sources("services")
            for number, line in enumerate(lines(path), 1) if re.match(r"\s*#\s*(if|ifdef|ifndef|elif|elifdef)\b", line)]


def component_graph():
    """{component: {components it includes}}"""
    graph = {}
    for path in sources("services"):
        component = path.relative_to(paths.ROOT / "services").parts[0]
        for _, target in includes(path):
            parts = target.split("/")
            if parts[0] == "services" and len(parts) > 2 and parts[1] != component:
                graph.setdefault(component, {}).setdefault(parts[1], f"{path.relative_to(paths.ROOT)} <{target}>")
    return graph


def check_components():
    """A cycle among the components of services, shown by the includes that make it."""
    graph, done = component_graph(), set()

    def visit(component, trail):
        if component in trail:
            cycle = trail[trail.index(component):] + [component]
            return [graph[a][b] for a, b in zip(cycle, cycle[1:])]
        if component in done:
            return []
        for below in graph.get(component, {}):
            found = visit(below, trail + [component])
            if found:
                return found
        done.add(component)
        return []

    for component in sorted(graph):
        found = visit(component, [])
        if found:
            return found
    return []


def tracked():
    for folder in ("ostd", "services", "apps", "test", "tools"):
        for path in sorted((paths.ROOT / folder).rglob("*")):
            if path.suffix in (".h", ".cpp", ".c", ".S", ".py", ".hpp", ".sh") and "__pycache__" not in path.parts:
                yield path


def check_licence():
    return [str(path.relative_to(paths.ROOT)) for path in tracked()
            if "SPDX-License-Identifier: MPL-2.0" not in "\n".join(lines(path)[:3])]


def check_length():
    """Above 500 lines a file has to be split. Data tables are exempt: they say so in their first ten lines."""
    return [f"{path.relative_to(paths.ROOT)}: {len(lines(path))} lines" for path in tracked()
            if len(lines(path)) > 501 and "data table" not in "\n".join(lines(path)[:10]).lower()]


class Layers(testing.Suite):
    name = "layers"
    about = "directions of dependencies, no target conditionals in services, licence lines, file lengths"

    CHECKS = {**{folder: (lambda folder=folder: check_includes(folder)) for folder in RULES},
              "services-conditionals": check_conditionals, "services-components": check_components,
              "licence": check_licence, "length": check_length}

    def tests(self, full):
        return [name.replace("/", "-") for name in self.CHECKS]

    def run(self, names, report, full):
        for name, check in self.CHECKS.items():
            name = name.replace("/", "-")
            if name in names:
                problems = check()
                report(name, testing.FAIL if problems else testing.PASS, "\n".join(problems[:40]))


def suites():
    return [Layers()]
