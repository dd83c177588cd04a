# SPDX-License-Identifier: MPL-2.0
"""The tests that meson.build files declare by test(). Two kinds of program:

- Catch2 (found by looking into the file): a suite with the name of the meson test, each test case a test of its own;
- anything else: one test, by its exit status, in a suite named by its meson suite label; TAP lines of its output
  ("not ok 3 - name", with "#" lines before or after) say more when it fails.
"""
import json
import mmap
import os
import re
import subprocess
import tempfile
import xml.etree.ElementTree as ElementTree

from .. import paths, testing


def _is_catch(path):
    try:
        with open(path, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            return data[:4] == b"\x7fELF" and data.find(b"list-test-names-only") >= 0
    except (OSError, ValueError):
        return False


class MesonTest(testing.Suite):
    """What the kinds share: the entry of meson's introspection."""

    def __init__(self, entry, targets):
        self.entry = entry
        self.command = entry["cmd"]
        self.label = next((label.split(":")[-1] for label in entry["suite"]), "") or entry["name"]
        self.environment = {**os.environ, **entry["env"]}
        self.name = entry["name"]
        self.build = tuple(name for target in [*entry["depends"]] for name in targets.get(target, ()))
        if self.command[0].startswith(str(paths.BUILD)):
            self.build += (os.path.relpath(self.command[0], paths.BUILD),)
        # Under sanitizers everything takes longer: start those first.
        self.order = 10 if self.label == "sanitize" else 40

    def execute(self, command):
        """(exit status or None at a timeout, output with stderr)"""
        with tempfile.TemporaryFile() as output:
            process = subprocess.Popen(command, cwd=self.entry.get("workdir") or paths.BUILD, env=self.environment,
                                       stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)
            try:
                status = process.wait(self.entry["timeout"] or None)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                status = None
            output.seek(0)
            return status, output.read().decode(errors="replace")


def ending(status, seconds):
    if status is None:
        return f"not finished after {seconds} s"
    return f"killed by signal {-status}" if status < 0 else f"exit status {status}"


class Catch(MesonTest):
    """A Catch2 program. After a crash the rest of its cases run in a new process."""

    def tests(self, full):
        if not os.path.exists(self.command[0]):
            raise testing.NotBuilt(f"{self.command[0]} is not built")
        text = subprocess.run([*self.command, "--list-test-names-only"], capture_output=True, text=True,
                              env=self.environment).stdout
        return [line.strip() for line in text.split("\n") if line.strip()]

    def run(self, names, report, full):
        left = list(names)
        while left:
            finished, running, status, output = self._process(left)
            for name, problem in finished:
                if name in left:
                    left.remove(name)
                    report(name, testing.FAIL if problem else testing.PASS, problem)
            if running in left:
                left.remove(running)
                report(running, testing.FAIL, f"{ending(status, self.entry['timeout'])} in this test\n{output[-4000:]}")
            elif left:
                for name in left:
                    report(name, testing.FAIL, f"not run; {ending(status, self.entry['timeout'])}\n{output[-2000:]}")
                return
            elif status != 0 and not any(problem for _, problem in finished):
                # A leak or a race reported at the end belongs to no case: the last one has to carry it.
                report(names[-1], testing.FAIL, f"after all tests: {ending(status, 0)}\n{output[-4000:]}")

    def _process(self, names):
        with tempfile.TemporaryDirectory(prefix="albireo-") as folder:
            chosen, result = os.path.join(folder, "names"), os.path.join(folder, "result.xml")
            with open(chosen, "w") as file:
                file.write("\n".join(re.sub(r'([\\",\[\]])', r"\\\1", name) for name in names) + "\n")
            status, output = self.execute([*self.command, "-f", chosen, "-r", "xml", "-o", result])
            try:
                with open(result, "rb") as file:
                    return *_read_xml(file.read()), status, output
            except OSError:
                return [], None, status, output


def _read_xml(data):
    """([(test case, problem or "")], the case that was running at the end or None); the XML may be cut off."""
    parser = ElementTree.XMLPullParser(["start", "end"])
    finished, running, problems = [], None, []
    try:
        parser.feed(data)
        for event, element in parser.read_events():
            if element.tag == "TestCase" and event == "start":
                running, problems = element.get("name").strip(), []
            elif event == "start" or running is None:
                continue
            elif element.tag == "Expression" and element.get("success") == "false":
                problems.append("{}:{}: {}\n  with {}".format(
                    _short(element.get("filename")), element.get("line"), (element.findtext("Original") or "").strip(),
                    (element.findtext("Expanded") or "").strip()))
            elif element.tag in ("Failure", "FatalErrorCondition", "Exception") and element.tag != "Expression":
                problems.append(f"{_short(element.get('filename'))}:{element.get('line')}: {(element.text or '').strip()}")
            elif element.tag == "TestCase":
                result = element.find("OverallResult")
                failed = result is None or result.get("success") != "true"
                finished.append((running, ("\n".join(problems) or "it failed") if failed else ""))
                running = None
    except ElementTree.ParseError:
        pass
    return finished, running


def _short(path):
    return re.sub(r"^(\.\./)+", "", os.path.relpath(path or "?", paths.ROOT))


TAP = re.compile(r"^(not )?ok\b\s*(\d+)?\s*-?\s*(.*?)(?:\s+# (SKIP|TODO)\b\s*(.*))?$", re.I)


def read_tap(lines):
    """([(name, state, detail)], how many the plan announced or None). "#" lines belong to the next result."""
    results, notes, planned = [], [], None
    for line in lines:
        match = TAP.match(line)
        plan = re.match(r"^1\.\.(\d+)\s*$", line)
        if plan:
            planned = int(plan.group(1))
        elif match:
            name = match.group(3) or f"test {match.group(2) or len(results) + 1}"
            state = testing.FAIL if match.group(1) else testing.PASS
            if match.group(4) and match.group(4).upper() == "SKIP":
                results.append((name, testing.SKIP, match.group(5)))
            else:
                results.append((name, state, "\n".join(notes)))
            notes = []
        elif line.startswith("#"):
            notes.append(line)
        elif line.startswith("Bail out!"):
            results.append((line, testing.FAIL, ""))
    return results, planned


class Plain(MesonTest):
    """A program that is one test."""

    def __init__(self, entry, targets):
        super().__init__(entry, targets)
        self.name = self.label

    def tests(self, full):
        return [self.entry["name"]]

    def run(self, names, report, full):
        status, output = self.execute(self.command)
        bad = [f"{name}\n{detail}" for name, state, detail in read_tap(output.split("\n"))[0] if state == testing.FAIL]
        if status == 0 and not bad:
            report(names[0], testing.PASS)
        else:
            report(names[0], testing.FAIL, ending(status, self.entry["timeout"]) + "\n" + ("\n".join(bad) or output[-6000:]))


# Built only when asked for, so meson must not know them as tests: it would build them with everything.
SANITIZED = {"unit-asan": {"ASAN_OPTIONS": "detect_container_overflow=0"}, "unit-tsan": {}}


def _sanitized(targets):
    for names in targets.values():
        for path in names:
            name = os.path.basename(path)
            if name in SANITIZED:
                yield {"name": name, "cmd": [str(paths.BUILD / path)], "env": SANITIZED[name], "suite": ["sanitize"],
                       "timeout": 900, "workdir": None, "depends": []}


def suites():
    try:
        with open(paths.BUILD / "meson-info" / "intro-tests.json") as file:
            entries = json.load(file)
        with open(paths.BUILD / "meson-info" / "intro-targets.json") as file:
            targets = {target["id"]: [os.path.relpath(name, paths.BUILD) for name in target["filename"]]
                       for target in json.load(file)}
    except (OSError, ValueError):
        return []
    found = []
    for entry in [*entries, *_sanitized(targets)]:
        labels = {label.split(":")[-1] for label in entry["suite"]}
        catch = labels & {"unit", "sanitize"} or _is_catch(entry["cmd"][0])
        found.append(Catch(entry, targets) if catch else Plain(entry, targets))
    return found
