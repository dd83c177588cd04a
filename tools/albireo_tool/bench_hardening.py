# SPDX-License-Identifier: MPL-2.0
"""What hardening and checks cost, `bench hardening`, and what the Safe Profile plugin adds to building, `bench plugin`.

Builds variants in folders of their own below the build folder: with everything, with nothing of meson's hardening_without, and once
without each part of it. Nothing else uses these builds.
"""
import os
import pathlib
import re
import resource
import shutil
import subprocess
import tempfile

from . import bench_measure, bench_report, build, paths, say
from .bench_measure import System

FOLDER = paths.BUILD / "hardening"
BAR = 5


def parts():
    """What meson can leave out, in its order."""
    found = re.search(r"option\('hardening_without'.*?choices: \[(.*?)\]", (paths.ROOT / "meson_options.txt").read_text(), re.DOTALL)
    return re.findall(r"'(\w+)'", found.group(1))


def variants():
    """{folder's name: parts left out}"""
    return {"everything": [], "nothing": parts(), **{f"no_{part}": [part] for part in parts()}}


def prepare(each):
    """Builds them; `each`: also those without a single part, of the kernel only."""
    for name, left_out in variants().items():
        single = name.startswith("no_")
        if single and not each:
            continue
        say.progress(f"building with {'everything but ' if left_out else ''}{', '.join(left_out) or 'all hardening'}")
        if not (FOLDER / name / "build.ninja").exists():
            build.setup(FOLDER / name, "-Ddebug_locks=false", "-Dsafe_profile=false", f"-Dhardening_without={','.join(left_out)}")
        build.ninja([paths.KERNEL.name] if single else [paths.KERNEL.name, paths.HOST.name], folder=FOLDER / name)


class _Choice:
    """bench's options, but for the binaries of a variant."""

    def __init__(self, options, name):
        self.memory, self.machine, self.accel = options.memory, options.machine, options.accel
        self.binaries = {"kernel": FOLDER / name / paths.KERNEL.name, "host": FOLDER / name / paths.HOST.name}


def _least(systems, image, options, words, rounds):
    """{title: {operation: the least figure}} of {title: (variant, system)}, which take turns."""
    found = {title: {} for title in systems}
    for turn in range(rounds):
        for title, (variant, system) in systems.items():
            say.progress(f"{title}, round {turn + 1}")
            for operation, values in bench_measure.operations(system, image, _Choice(options, variant), words).items():
                found[title][operation] = min([*values, *([found[title][operation]] if operation in found[title] else [])])
    return found


def _more(a, b):
    return f"{100 * (a / b - 1):+.1f} %" if a and b else "-"


def _compare(title, values, without, unit, note):
    names = [name for name in bench_report.OPERATIONS if name in values[without]]
    rows = []
    for name in names:
        base = values[without][name]
        row = [bench_report.OPERATIONS[name], bench_report.number(base / unit)]
        for column, found in values.items():
            if column != without:
                row += [bench_report.number(found[name] / unit), _more(found[name], base)]
        rows.append(row)
    head = ["operation", without]
    for column in values:
        if column != without:
            head += [column, "more"]
    return bench_report.table(title, head, rows, note)


def hardening(options, image):
    if not options.no_build:
        prepare(each=True)
    only = ["--only", options.only] if options.only else []
    counted = {"nothing": ("nothing", False), "hardened": ("everything", False), "and mitigations=auto": ("everything", True)}
    systems = {title: (variant, System(title, "kernel", "", mitigations=mitigated, smp=1, icount=True))
               for title, (variant, mitigated) in counted.items()}
    single = {part: (f"no_{part}", System(part, "kernel", "", smp=1, icount=True)) for part in parts()}
    words = ["--repeat", "5", "--count", "200", *only]
    values = _least(systems | single, image, options, words, 1)
    print(_compare("Cost of hardening: instructions an operation", {title: values[title] for title in systems}, "nothing", 1,
                   f"Kernel target, by QEMU's `-icount shift=0`, one CPU, {options.machine}. The bar is {BAR} percent."))
    rows = [[bench_report.OPERATIONS[name], *(_more(base + values["hardened"][name] - values[part][name], base) for part in single)]
            for name, base in values["nothing"].items() if name in bench_report.OPERATIONS]
    print(bench_report.table("Cost of each part", ["operation", *(part.replace("_", " ") for part in single)], rows,
                             "Percent of the instructions without any: what goes when that part alone is left out. The sum is not the whole, since the "
                             "compiler inlines differently."))
    clock = {}
    for target in ("kernel", "host"):
        systems = {f"{target}, nothing": ("nothing", System("nothing", target, "", smp=1)),
                   f"{target}, hardened": ("everything", System("hardened", target, "", smp=1))}
        if target == "kernel":
            systems["kernel, mitigations=auto"] = ("everything", System("auto", target, "", mitigations=True, smp=1))
        clock[target] = _least(systems, image, options, ["--repeat", "3", *only], options.rounds)
    for target, found in clock.items():
        print(_compare(f"Cost of hardening: microseconds an operation, {target} target", found, f"{target}, nothing", 1000,
                       f"Wall clock, one virtual CPU, {os.cpu_count()} CPUs of this computer; the least of {3 * options.rounds} runs."))
    return 0


def _cpu_seconds(command, environment, folder=None):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    result = subprocess.run(command, capture_output=True, text=True, cwd=folder, env={**os.environ, **environment})
    if result.returncode != 0:
        raise say.ToolError(f"`{' '.join(map(str, command))}` failed:\n" + (result.stdout + result.stderr)[-3000:])
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def plugin(options):
    """CPU seconds (user and system: what else runs hardly counts) of building everything, and of services with and without."""
    with tempfile.TemporaryDirectory(prefix="albireo-bench-", dir=paths.BUILD) as name:
        folder, seconds, objects = pathlib.Path(name), {}, {}
        environment = {"CCACHE_DISABLE": "1"}
        for kind in ("with", "without"):
            build.setup(folder / kind, f"-Dsafe_profile={'true' if kind == 'with' else 'false'}")
            targets = subprocess.run(["ninja", "-C", str(folder / kind), "-t", "targets", "all"], capture_output=True, text=True).stdout
            objects[kind] = [line.split(":")[0] for line in targets.splitlines() if re.match(r"services/libsvc_[kh]\.a\.p/.*\.o:", line)]
        # What services need: the plugin itself and its stamp are no part of the figure for services, but of the whole.
        whole = [paths.KERNEL.name, paths.HOST.name, "all"]
        say.progress("building the plugin")
        base = _cpu_seconds(["ninja", "-C", str(folder / "with"), "tools/safe_profile/safe_profile_stamp.h"], environment)
        for turn in range(max(1, options.rounds - 2)):
            for kind in ("without", "with"):
                say.progress(f"building services {kind} the plugin, round {turn + 1}")
                for path in objects[kind]:
                    (folder / kind / path).unlink(missing_ok=True)
                found = _cpu_seconds(["ninja", "-C", str(folder / kind), *objects[kind]], environment)
                seconds[kind] = min(found, seconds.get(kind, found))
        say.progress("building the rest")
        rest = _cpu_seconds(["ninja", "-C", str(folder / "with"), *whole], environment)
        shutil.rmtree(folder / "without")
    more = seconds["with"] - seconds["without"]
    total = rest + seconds["without"]
    rows = [["services, both targets, without the plugin", bench_report.number(seconds["without"]), ""],
            ["services, both targets, with it", bench_report.number(seconds["with"]), _more(seconds["with"], seconds["without"])],
            ["the plugin itself, compiled once", bench_report.number(base), ""],
            ["whole build without the plugin's work", bench_report.number(total), ""],
            ["whole build with it", bench_report.number(total + more), f"{_more(total + more, total)} (bar: < 10 %)"],
            ["and with compiling the plugin", bench_report.number(total + more + base), _more(total + more + base, total)]]
    print(bench_report.table("What the Safe Profile plugin adds to building, CPU seconds", ["what", "user + system", "more"], rows,
                             f"Without a compiler cache, {os.cpu_count()} CPUs, {len(objects['with'])} objects of services. Whole build: "
                             "everything ninja builds by default, and both targets."))
    return 0
