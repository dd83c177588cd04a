# SPDX-License-Identifier: MPL-2.0
"""What runs, on the host target; only with --full.

coverage/services: lines of services run by the conformance programs and the fuzzer of system calls. The figures of each component
are printed; the test fails when a component is never run or the whole falls below a floor.
coverage/ostd: every function that ostd offers to services is run by a contract test.
"""
import json
import pathlib
import re
import shutil
import subprocess
import tempfile

from .. import conformance, initramfs, machine, paths, say, testing
from . import contract

BINARY = paths.BUILD / "albireo-host-coverage"
CONTRACT = paths.BUILD / "test/contract/contract-host-coverage"
# Of ostd's namespaces, these are no interface of services.
PRIVATE = ("common", "host", "target", "detail")
# They end the machine, after which nothing is counted (DEATH_CASEs and the boot and command suites run them); a policy stays for ever.
NOT_COUNTED = {"Power::reboot", "Power::halt", "panic", "check_failed", "SchedPolicy::~SchedPolicy"}
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


def _tool(name):
    found = shutil.which(name + "-19") or shutil.which(name)
    if found is None:
        raise say.ToolError(f"{name} is not installed", "install the package llvm-19")
    return found


def _export(binary, folder, *options):
    """llvm-cov's JSON for the runs whose profiles are in the folder."""
    profiles = sorted(map(str, pathlib.Path(folder).glob("*.profraw")))
    subprocess.run([_tool("llvm-profdata"), "merge", "-o", f"{folder}/all", *profiles], check=True)
    return json.loads(subprocess.run([_tool("llvm-cov"), "export", *options, binary, f"-instr-profile={folder}/all"],
                                     check=True, capture_output=True, text=True, cwd=paths.BUILD).stdout)


def _services(folder):
    prefix = ("env", f"LLVM_PROFILE_FILE={folder}/%p.profraw")
    config = machine.Config("host", None, kernel=BINARY, prefix=prefix)
    conformance.run(list(conformance.programs().values()), config, say.progress)
    image = initramfs.base()
    image.program("/usr/local/bin/sysfuzz", paths.APPS / "sysfuzz")
    config.initramfs, config.command = image.write(), ("sysfuzz", "--calls", "50000")
    machine.run(config, 300)
    sums = by_component(_export(BINARY, folder, "--summary-only"))
    for name, (covered, lines) in sorted(sums.items()):
        say.progress(f"coverage of services/{name}: {100 * covered / lines:.1f} % of {lines} lines")
    covered, lines = map(sum, zip(*sums.values())) if sums else (0, 1)
    say.progress(f"coverage of services: {100 * covered / lines:.1f} % of {lines} lines")
    never = [name for name, (covered_here, _) in sums.items() if covered_here == 0]
    problem = f"never run: {', '.join(never)}" if never else ""
    if 100 * covered / lines < FLOOR:
        problem += f" {100 * covered / lines:.1f} % of {lines} lines are covered, less than {FLOOR} %"
    return problem


def interface(export, demangle):
    """{function: runs}: what ostd offers outside its base, summed over the instances of templates."""
    runs, mangled = {}, []
    for function in export["data"][0]["functions"]:
        path = function["filenames"][0]
        if re.search(r"/ostd/(include|common)/", path):
            mangled.append((function["name"].split(":")[-1], function["count"]))
    for name, (_, count) in zip(demangle([name for name, _ in mangled]), mangled):
        plain = re.sub(r"<[^<>]*>", "", re.sub(r"<[^<>]*(<[^<>]*(<[^<>]*>[^<>]*)*>[^<>]*)*>", "", name))
        found = re.match(r"(?:[\w:&* ]+ )?ostd::([\w:~]+(?:operator\S+)?)\(", plain)
        if found and not found.group(1).startswith(tuple(f"{part}::" for part in PRIVATE)):
            runs[found.group(1)] = runs.get(found.group(1), 0) + count
    return runs


def _ostd(folder):
    blob = contract.blob()
    for smp in (1, 2):
        config = machine.Config("host", blob, kernel=CONTRACT, smp=smp, prefix=("env", f"LLVM_PROFILE_FILE={folder}/%p.profraw"))
        status, text = machine.run(config, 300)
        if status != 0:
            return f"the contract tests fail on {smp} CPUs: status {status}\n{text[-2000:]}"

    def demangle(names):
        return subprocess.run([_tool("llvm-cxxfilt")], input="\n".join(names), check=True, capture_output=True, text=True).stdout.split("\n")
    runs = interface(_export(CONTRACT, folder), demangle)
    say.progress(f"coverage of ostd's interface: {sum(count != 0 for count in runs.values())} of {len(runs)} functions")
    never = sorted(name for name, count in runs.items() if count == 0 and name not in NOT_COUNTED)
    return f"no contract test runs: {', '.join(never)}" if never else "" if len(runs) > 150 else f"only {len(runs)} functions were found"


class Coverage(testing.Suite):
    name = "coverage"
    about = "how much of services the conformance programs and the fuzzer run, and that contract tests run all of ostd's interface"
    full_only = True
    order = 9
    build = ("apps", "albireo-host-coverage", "test/contract/contract-host-coverage")

    def tests(self, full):
        for binary in (BINARY, CONTRACT):
            if not binary.exists():
                raise testing.NotBuilt(f"{binary.name} is not built")
        return ["services", "ostd"]

    def run(self, names, report, full):
        for name in names:
            with tempfile.TemporaryDirectory(prefix="albireo-coverage-") as folder:
                problem = {"services": _services, "ostd": _ostd}[name](folder)
            report(name, testing.FAIL if problem else testing.PASS, problem)


def suites():
    return [Coverage()]
