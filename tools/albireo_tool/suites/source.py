# SPDX-License-Identifier: MPL-2.0
"""What can be said of source files by looking at them. (Directions of dependencies: tools/check_layers.py, by meson.)"""
from .. import paths, testing

FOLDERS = ("ostd", "services", "apps", "test", "tools")
SUFFIXES = (".h", ".hpp", ".cpp", ".c", ".S", ".py", ".sh")
LINES = 500


def sources():
    for folder in FOLDERS:
        for path in sorted((paths.ROOT / folder).rglob("*")):
            if path.suffix in SUFFIXES and "__pycache__" not in path.parts:
                yield path.relative_to(paths.ROOT), path.read_text(errors="replace").split("\n")


def check_licence():
    return [str(path) for path, lines in sources() if "SPDX-License-Identifier: MPL-2.0" not in "\n".join(lines[:3])]


def check_length():
    """A longer file has to be split. Data tables are exempt: they say so in their first ten lines."""
    return [f"{path}: {len(lines) - 1} lines" for path, lines in sources()
            if len(lines) - 1 > LINES and "data table" not in "\n".join(lines[:10]).lower()]


class Source(testing.Suite):
    name = "source"
    about = "licence lines, file lengths"
    CHECKS = {"licence": check_licence, "length": check_length}

    def tests(self, full):
        return list(self.CHECKS)

    def run(self, names, report, full):
        for name in names:
            problems = self.CHECKS[name]()
            report(name, testing.FAIL if problems else testing.PASS, "\n".join(problems[:40]))


def suites():
    return [Source()]
