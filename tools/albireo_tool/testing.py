# SPDX-License-Identifier: MPL-2.0
"""`test`: chooses tests by name, builds, runs the suites side by side and counts.

A suite is an object registered in tools/albireo_tool/suites/: see Suite. Each test is reported once; the last line of the
output is "N passed, N failed, N skipped". The exit status is 0 only if something ran and nothing failed.
"""
import concurrent.futures
import fnmatch
import importlib
import os
import pkgutil
import re
import resource
import sys
import threading
import time
import traceback

from . import paths, say

PASS, FAIL, SKIP = "pass", "FAIL", "skip"


class Suite:
    """A group of tests that run one after the other, beside other suites."""

    name = ""            # first part of each test's name
    about = ""
    full_only = False    # runs only with --full
    order = 50           # suites with a small number start first: the long ones
    build = ()           # ninja targets it needs

    def tests(self, full):
        """The names of the tests, without the suite's. Called after building."""
        raise NotImplementedError

    def run(self, names, report, full):
        """Runs these tests; calls report(name, state, detail="") once for each."""
        raise NotImplementedError


class NotBuilt(Exception):
    """The source tree does not yet have what a suite tests."""


def suites():
    """All suites, of every module in suites/; some of these read the configured build."""
    from . import suites as package
    found = []
    for module in sorted(info.name for info in pkgutil.iter_modules(package.__path__)):
        found += importlib.import_module(f"{package.__name__}.{module}").suites()
    return sorted(found, key=lambda suite: (suite.order, suite.name))


def skip_reasons():
    """The keys of the reasons that docs/testing.md explains: a skip must give one of them."""
    text = (paths.ROOT / "docs" / "testing.md").read_text()
    return set(re.findall(r"^- `skip:([a-z-]+)`", text, re.M))


class KnownFailures:
    """docs/known-failures.md: lines "- `PATTERN`: reason"; a pattern is a test's name, * within a part allowed."""

    def __init__(self):
        path = paths.ROOT / "docs" / "known-failures.md"
        text = path.read_text() if path.exists() else ""
        self.entries = re.findall(r"^- `([^`]+)`: (.+)$", text, re.M)

    def reason(self, name):
        for pattern, why in self.entries:
            if fnmatch.fnmatchcase(name, pattern):
                return why
        return None


def _prefix(pattern, parts):
    wanted = pattern.strip("/").split("/")
    return len(wanted) <= len(parts) and all(map(fnmatch.fnmatchcase, parts, wanted))


def matches(patterns, name):
    """A glob is compared part by part and may stop early (then all below is meant), or be the last part alone."""
    parts = name.split("/")
    return not patterns or any(_prefix(p, parts) or "/" not in p and fnmatch.fnmatchcase(parts[-1], p) for p in patterns)


def may_match(patterns, suite, heads):
    """Whether a pattern can name something in this suite; saves building what is not wanted. A pattern without a slash
    means suites where it fits one (`heads`: the first parts of all suites' names), else tests anywhere."""
    parts = suite.name.split("/")

    def may(pattern):
        if "/" not in pattern and not any(fnmatch.fnmatchcase(head, pattern) for head in heads):
            return True
        return _prefix("/".join(pattern.split("/")[:len(parts)]), parts)

    return not patterns or any(map(may, patterns))


class Counter:
    def __init__(self, verbose):
        self.lock = threading.Lock()
        self.count = {PASS: 0, FAIL: 0, SKIP: 0}
        self.verbose = verbose
        self.reasons = skip_reasons()
        self.known = KnownFailures()
        self.seconds = {}

    def report(self, name, state, detail=""):
        # What docs/known-failures.md lists has a reason there: it is run, and counted as skipped while it fails.
        if state == FAIL and (known := self.known.reason(name)):
            state, detail = SKIP, f"known-failure: {known}"
        if state == SKIP and detail.split(":")[0] not in self.reasons:
            state, detail = FAIL, f"skipped for a reason that docs/testing.md does not list: {detail}"
        with self.lock:
            self.count[state] += 1
            if state != PASS or self.verbose:
                print(f"{state} {name}" + (f": {detail}" if state == SKIP else ""))
            if state == FAIL and detail:
                print("\n".join("    " + line for line in detail.rstrip("\n").split("\n")))
            sys.stdout.flush()


def _run_suite(suite, names, counter, full):
    started = time.monotonic()
    left = set(names)

    def report(name, state, detail=""):
        if name not in left:
            state, detail = FAIL, f"reported twice or never asked for ({state})"
        left.discard(name)
        counter.report(f"{suite.name}/{name}", state, detail)

    try:
        suite.run(names, report, full)
        problem = "the suite ended without a result for this test"
    except (say.ToolError, NotBuilt) as error:
        problem = str(error)
    except Exception:  # a bug in a suite must not lose the other suites' results
        problem = traceback.format_exc()
    for name in sorted(left):
        counter.report(f"{suite.name}/{name}", FAIL, problem)
        problem = "as above"
    counter.seconds[suite.name] = time.monotonic() - started
    say.progress(f"{suite.name}: {len(names)} tests in {counter.seconds[suite.name]:.1f} s")


def _collect(chosen, patterns, full, counter):
    """[(suite, names)]; a suite that cannot even list its tests fails by its own name."""
    plan = []
    for suite in chosen:
        try:
            names = [name for name in suite.tests(full) if matches(patterns, f"{suite.name}/{name}")]
        except (say.ToolError, NotBuilt) as error:
            # Unless only single tests, perhaps of other suites, were asked for.
            if not patterns or any(_prefix("/".join(p.split("/")[:suite.name.count("/") + 1]), suite.name.split("/"))
                                   for p in patterns):
                counter.report(suite.name, FAIL, str(error))
            continue
        if names:
            plan.append((suite, names))
    return plan


def _build(chosen):
    from . import build
    wanted = {target for suite in chosen for target in suite.build}
    wanted &= build.known_targets()
    if wanted:
        build.ninja(sorted(wanted))


def _prepare(options):
    """Installs, configures, and returns the suites that the patterns can mean."""
    if not options.no_build:
        from . import build, packages
        packages.ensure("build", "run")
        build.configure()
    return _chosen(options)


def _chosen(options):
    every = suites()
    heads = {suite.name.split("/")[0] for suite in every}
    return [suite for suite in every if (options.full or not suite.full_only) and may_match(options.glob, suite, heads)]


def _say_times(seconds, begun, started):
    """Where the time went."""
    now, used = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    longest = sorted(seconds.items(), key=lambda item: -item[1])[:6]
    say.progress(f"building {started - begun:.0f} s, testing {now - started:.0f} s ("
                 + ", ".join(f"{name} {spent:.0f}" for name, spent in longest)
                 + f"); CPU time {used.ru_utime + used.ru_stime:.0f} s")


def test(options):
    begun = time.monotonic()
    chosen = _prepare(options)
    if not options.no_build and chosen:
        _build(chosen)
        chosen = _chosen(options)  # what a program is, is seen when it is there
    counter = Counter(options.verbose)
    plan = _collect(chosen, options.glob, options.full, counter)
    if options.list:
        for suite, names in plan:
            for name in names:
                print(f"{suite.name}/{name}")
        return 0 if plan else 1
    started = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(max(2, os.cpu_count() or 1)) as pool:
        for future in [pool.submit(_run_suite, suite, names, counter, options.full) for suite, names in plan]:
            future.result()
    count = counter.count
    if not any(count.values()):
        say.error("no test matches " + " ".join(options.glob) + "; `tools/albireo test --list` shows them all")
    _say_times(counter.seconds, begun, started)
    sys.stderr.flush()
    print(f"{count[PASS]} passed, {count[FAIL]} failed, {count[SKIP]} skipped", flush=True)
    return 0 if count[FAIL] == 0 and count[PASS] > 0 else 1
