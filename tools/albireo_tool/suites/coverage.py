# SPDX-License-Identifier: MPL-2.0
"""Line coverage of services by the conformance programs and the fuzzer of system calls, on the host target; only with --full.

The figures of each component are printed; the test fails when a component is never run or the whole falls below a floor.
"""
import json
import shutil
import subprocess
import tempfile

from .. import conformance, initramfs, machine, paths, say, testing

BINARY = paths.BUILD / "albireo-host-coverage"
FLOOR = 75               # percent of all lines
SERVICES = str(paths.ROOT / "services") + "/"


def component(path):
    """"fs" of .../services/fs/tmpfs/inode.cpp; None for other code."""
    return path.split(SERVICES, 1)[1].split("/")[0] if SERVICES in path else None


def by_component(export):
    """{component: [covered lines, lines]} of llvm-cov's JSON."""
    sums = {}
    for file in export["data"][0]["files"]:
        name = component(file["filename"])
        if name and file["filename"].endswith(".cpp"):
            lines = file["summary"]["lines"]
            have = sums.setdefault(name, [0, 0])
            have[0] += lines["covered"]
            have[1] += lines["count"]
    return sums


class Coverage(testing.Suite):
    name = "coverage"
    about = "how much of services the conformance programs and the fuzzer run"
    full_only = True
    order = 9
    build = ("apps", "albireo-host-coverage")

    def tests(self, full):
        if not BINARY.exists():
            raise testing.NotBuilt(f"{BINARY.name} is not built")
        return ["services"]

    @staticmethod
    def _tool(name):
        found = shutil.which(name + "-19") or shutil.which(name)
        if found is None:
            raise say.ToolError(f"{name} is not installed", "install the package llvm-19")
        return found

    def run(self, names, report, full):
        with tempfile.TemporaryDirectory(prefix="albireo-coverage-") as folder:
            prefix = ("env", f"LLVM_PROFILE_FILE={folder}/%p.profraw")
            config = machine.Config("host", None, kernel=BINARY, prefix=prefix)
            conformance.run(list(conformance.programs().values()), config, say.progress)
            image = initramfs.base()
            image.program("/usr/local/bin/sysfuzz", paths.APPS / "sysfuzz")
            config.initramfs, config.command = image.write(), ("sysfuzz", "--calls", "50000")
            machine.run(config, 300)
            subprocess.run(f"{self._tool('llvm-profdata')} merge -o {folder}/all {folder}/*.profraw", shell=True, check=True)
            text = subprocess.run([self._tool("llvm-cov"), "export", "--summary-only", BINARY, f"-instr-profile={folder}/all"],
                                  check=True, capture_output=True, text=True, cwd=paths.BUILD).stdout
        sums = by_component(json.loads(text))
        for name, (covered, lines) in sorted(sums.items()):
            say.progress(f"coverage of services/{name}: {100 * covered / lines:.1f} % of {lines} lines")
        covered, lines = map(sum, zip(*sums.values())) if sums else (0, 1)
        say.progress(f"coverage of services: {100 * covered / lines:.1f} % of {lines} lines")
        never = [name for name, (covered_here, _) in sums.items() if covered_here == 0]
        problem = f"never run: {', '.join(never)}" if never else ""
        if 100 * covered / lines < FLOOR:
            problem += f" {100 * covered / lines:.1f} % of {lines} lines are covered, less than {FLOOR} %"
        report("services", testing.FAIL if problem else testing.PASS, problem)


def suites():
    return [Coverage()]
