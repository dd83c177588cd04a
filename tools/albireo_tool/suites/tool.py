# SPDX-License-Identifier: MPL-2.0
"""Unit tests of the tool itself: the unittest cases in test/tool/."""
import importlib.util
import unittest

from .. import paths, testing


def _cases():
    found = {}
    for path in sorted((paths.ROOT / "test" / "tool").glob("test_*.py")):
        spec = importlib.util.spec_from_file_location(path.stem, path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        for group in unittest.defaultTestLoader.loadTestsFromModule(module):
            for case in group:
                _, name, method = case.id().rsplit(".", 2)
                found[f"{name}.{method}"] = case
    return found


class Tool(testing.Suite):
    name = "tool"
    about = "the tool's own parts"

    def tests(self, full):
        return list(_cases())

    def run(self, names, report, full):
        cases = _cases()
        for name in names:
            result = unittest.TestResult()
            cases[name].run(result)
            problems = [text for _, text in result.errors + result.failures]
            report(name, testing.FAIL if problems else testing.PASS, "\n".join(problems))


def suites():
    return [Tool()]
