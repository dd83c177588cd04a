# SPDX-License-Identifier: MPL-2.0
"""`bench`: the same programs on Albireo's targets, on Linux in the same QEMU, natively and on User-Mode Linux.

Prints figures side by side with the ratios the project is measured by. Nothing is asserted: these are figures, not tests. Systems
take turns, round after round, and the least of all runs counts: what else runs on the computer can only add. Albireo is measured
as it would be used: without the lock checker, which debug builds have and Linux's packages have not.
"""
import collections
import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time

from . import bench_hardening, bench_measure, bench_report, build, initramfs, linux_kernel, packages, paths, qemu, say
from .bench_measure import System
from .bench_report import number

PARTS = ("kernel", "instructions", "host", "pinned", "isolated", "scaling", "locks", "memory", "boot", "size", "times", "hardening", "plugin")
ASKED = ("times", "hardening", "plugin")  # only when named: they build for minutes
BUILD = build.SHIPPED
KERNELS = (System("Linux", "linux", "mitigations=off"), System("Linux, mitigated", "linux", "mitigations on", mitigations=True),
           System("kernel", "kernel", "Albireo's kernel target, mitigations=off"),
           System("kernel, mitigated", "kernel", "mitigations on", mitigations=True))
PROCESSES = (System("native", "native", "Linux of this computer", smp=1), System("UML", "uml", "User-Mode Linux", smp=1),
             System("host", "host", "Albireo's host target, one virtual CPU", smp=1))
KERNEL_BAR = {"": "<= 1.0"}
NATIVE_BAR = {"getppid": "host : native <= 4"}
IDLE = 1000
TITLE = """# Performance

The last figures of `tools/albireo bench -o docs/performance.md`. They belong to the computer and the moment they were taken on; the ratios
say more than the numbers.

"""


def _build(options, usual):
    """The programs; if `usual` also both targets, with and without the lock checker."""
    packages.ensure("build", "run", "bench")
    build.configure()
    build.ninja(["apps/bench", "apps/bench-memory", "apps/init", *(["albireo-kernel.elf", "albireo-host"] if usual else [])])
    if usual:
        build.shipped(["albireo-kernel.elf", "albireo-host"])


def _rounds(systems, image, options, words):
    """{system's name: {operation: the least figure}}"""
    samples = collections.defaultdict(lambda: collections.defaultdict(list))
    for turn in range(1 if systems[0].icount else options.rounds):
        for system in systems:
            say.progress(f"{'counting instructions' if system.icount else 'measuring'}: {system.name}"
                         f"{' on one CPU' if system.pinned else ''}, round {turn + 1}")
            for operation, values in bench_measure.operations(system, image, options, words).items():
                samples[system.name][operation] += values
    return {name: {operation: min(values) for operation, values in column.items()} for name, column in samples.items()}


def _words(options, icount=False):
    # Under icount time is the number of instructions: a fixed amount of work says all.
    words = ["--repeat", "5", "--count", "200"] if icount else ["--repeat", "3"]
    return words + (["--only", options.only] if options.only else [])


def _kernels(options, image):
    systems = [System(s.name, s.target, s.about, s.mitigations, smp=options.smp) for s in KERNELS]
    values = _rounds(systems, image, options, _words(options))
    pairs = [("kernel", "Linux", KERNEL_BAR), ("kernel, mitigated", "Linux, mitigated", KERNEL_BAR)]
    note = (f"Kernel target against Linux {linux_kernel.find()[1]} in the same QEMU ({options.machine}, {options.smp} CPUs, "
            f"{options.memory}, {' '.join(qemu.accelerator(options.accel))}))."
            " Each system with mitigations=off and with those that it chooses itself for this processor.")
    print(bench_report.operations("Kernel target: microseconds an operation", values, 1000, pairs, note))
    return values


def _instructions(options, image):
    systems = [System(s.name, s.target, s.about, s.mitigations, smp=1, icount=True) for s in KERNELS]
    values = _rounds(systems, image, options, _words(options, True))
    pairs = [("kernel", "Linux", KERNEL_BAR), ("kernel, mitigated", "Linux, mitigated", KERNEL_BAR)]
    print(bench_report.operations("Kernel target: instructions an operation", values, 1, pairs,
                                  "By QEMU's `-icount shift=0`, one CPU, 200 operations each. The program's own instructions count too."))


def _processes(options, image, pinned):
    systems = [System(s.name, s.target, s.about, smp=1, pinned=pinned) for s in PROCESSES
               if s.target != "uml" or shutil.which("linux.uml")]
    values = _rounds(systems, image, options, _words(options))
    uml_bar = {"": "UML : host >= 3", "getppid": "UML : host >= 2"} if pinned else {"": "UML : host >= 5", "getppid": "UML : host >= 50"}
    pairs = [("host", "native", None if pinned else NATIVE_BAR), ("UML", "host", uml_bar)]
    where = "everything bound to one CPU of this computer" if pinned else f"on {os.cpu_count()} CPUs of this computer, unbound"
    title = "Host target on one CPU: microseconds an operation" if pinned else "Host target: microseconds an operation"
    print(bench_report.operations(title, values, 1000, pairs, f"Host target with one virtual CPU, native Linux and User-Mode Linux; {where}."))


def _isolated(options, image):
    systems = [System("host", "host", "Albireo's host target, one virtual CPU", smp=1),
               System("isolated", "host", "the same with --isolated", smp=1, isolated=True)]
    print(bench_report.operations("Host target with --isolated: microseconds an operation", _rounds(systems, image, options, _words(options)), 1000,
                                  [("isolated", "host", None)], f"One virtual CPU, {os.cpu_count()} CPUs of this computer, unbound."))


def _scaling(options, image, values):
    if "Linux" not in values or not any(name in values["kernel"] for name in bench_report.PARALLEL):
        systems = [System(s.name, s.target, s.about, smp=2) for s in KERNELS if not s.mitigations]
        only = ",".join([*bench_report.PARALLEL, *bench_report.PARALLEL.values()])
        values = _rounds(systems, image, options, ["--repeat", "3", "--only", only])
    print(bench_report.scaling({name: column for name, column in values.items() if name != "Linux, mitigated"}))


def _locks(options, image):
    columns = {}
    for system in (System("kernel, instructions", "kernel", "", smp=1, icount=True), System("kernel, us", "kernel", "", smp=2),
                   System("host, us", "host", "", smp=2)):
        say.progress(f"times of locks: {system.name}")
        columns[system.name] = bench_measure.lock_times(system, image, options)
    print(bench_report.locks(columns))


def _memory(options, image):
    rows = []
    for system in (KERNELS[0], KERNELS[2], System("host", "host", "", smp=2)):
        say.progress(f"memory of idle processes and threads: {system.name}")
        found = bench_measure.idle_memory(system, image, options, IDLE)
        rows.append([system.name, *(f"{found[kind][which]:.0f}" if kind in found else "-"
                                    for kind in ("processes", "threads") for which in (0, 1))])
    print(bench_report.table("Memory of idle processes and threads, bytes each", ["system", "process: kernel", "process: all",
                             "thread: kernel", "thread: all"], rows,
                             f"What /proc/meminfo shows more with {IDLE} of them asleep in read(2). Kernel: Slab + KernelStack + PageTables + "
                             "Percpu; all: what is not free any more."))


def _boot(options, image):
    rows = []
    systems = ((System("host", "host", "", smp=2), {}, "0.3 s; 16 MiB"), (System("kernel, microvm", "kernel", "", smp=2), {"machine": "microvm"}, "1.0 s; 16 MiB"),
               (System("kernel, q35", "kernel", "", smp=2), {"machine": "q35"}, ""), (System("Linux, q35", "linux", "", smp=2), {"machine": "q35"}, ""),
               (System("UML", "uml", "", smp=1), {}, ""))
    for system, more, bar in systems:
        if system.target == "uml" and not shutil.which("linux.uml"):
            continue
        say.progress(f"boot: {system.name}")
        found = [bench_measure.boot(system, image, options, **more) for _ in range(max(3, options.rounds))]
        seconds, used = ([value[i] for value in found if value[i] is not None] for i in (0, 1))
        rows.append([system.name, number(min(seconds, default=None)), number(min(used, default=None)), bar])
    print(bench_report.table("Boot", ["system", "to a shell, s", "memory in use then, MiB", "bar"], rows,
                             f"From the start of the process to a shell's first output; {options.accel}, 2 CPUs, {options.memory}. Memory as MemTotal - MemFree; the "
                             f"unpacked initramfs of {os.path.getsize(image) / 2**20:.1f} MiB is part of it."))


def _size(options):
    rows = []
    for name, path in (("with symbols", options.binaries["kernel"]),):
        stripped = subprocess.run(["llvm-strip-19", "-o", "-", path], capture_output=True).stdout
        text = subprocess.run(["llvm-size-19", path], capture_output=True, text=True).stdout.split("\n")[1].split()
        rows = [["as built, with debug info", number(os.path.getsize(path) / 2**20), ""], ["stripped", number(len(stripped) / 2**20), "< 4"],
                ["loaded: code and data", number((int(text[0]) + int(text[1])) / 2**20), ""], ["loaded: zeroed", number(int(text[2]) / 2**20), ""]]
    print(bench_report.table("Kernel image, MiB", ["what", "MiB", "bar"], rows))


def _timed(words, environment):
    started = time.monotonic()
    result = subprocess.run([str(paths.ROOT / "tools" / "albireo"), "-q", *words], env={**os.environ, **environment},
                            capture_output=True, text=True)
    lines = (result.stdout + result.stderr).strip().split("\n")
    return time.monotonic() - started, lines[-1]


def _times(options):
    """Building and testing from nothing, again, and after a change of one file of services."""
    with tempfile.TemporaryDirectory(prefix="albireo-bench-", dir=paths.BUILD) as folder:
        environment = {"ALBIREO_BUILD": folder, "CCACHE_DISABLE": "1"}
        rows = []
        for title, words, bar in (("test, nothing built", ["test"], "< 25 min"), ("test, all built", ["test"], "< 10 min")):
            say.progress(f"{title}")
            seconds, end = _timed(words, environment)
            rows.append([title, f"{seconds:.0f}", bar, end])
        (paths.ROOT / "services" / "process" / "pending_set.cpp").touch()
        seconds, _ = _timed(["build", "albireo-host", "albireo-kernel.elf"], environment)
        more, end = _timed(["test", "unit"], environment)
        rows.append(["one file of services changed: both targets and unit tests", f"{seconds + more:.1f}", "< 15 s", end])
    print(bench_report.table("Building and testing, seconds", ["what", "seconds", "bar", "result"], rows,
                             f"`tools/albireo test` on {os.cpu_count()} CPUs, without a compiler cache."))


def _head(options):
    commit = ""
    if shutil.which("git"):
        commit = subprocess.run(["git", "-C", str(paths.ROOT), "describe", "--always", "--dirty"], capture_output=True, text=True).stdout.strip()
    with open("/proc/cpuinfo") as file:
        model = next((line.split(":", 1)[1].strip() for line in file if line.startswith("model name")), "unknown CPU")
    with open("/proc/loadavg") as file:
        load = file.read().split()[0]
    # What was built before may be of another commit than the sources are at now.
    measured = f"Built earlier, when is not known (sources now at commit {commit or '?'})" if options.no_build else f"Commit {commit or '?'}"
    print(f"{measured}, {time.strftime('%Y-%m-%d %H:%M')}, {os.cpu_count()} CPUs ({model}), Linux {os.uname().release}, load {load} at the "
          "start. The least of all runs counts; a ratio `a : b` is a's figure divided by b's.")


class _Both:
    """A text stream that also keeps what is written."""

    def __init__(self, stream):
        self.stream, self.kept = stream, []

    def write(self, text):
        self.kept.append(text)
        return self.stream.write(text)

    def flush(self):
        self.stream.flush()


def bench(options):
    if not options.output:
        return _bench(options)
    folder = os.path.dirname(os.path.abspath(options.output))
    if not os.access(folder, os.W_OK):
        raise say.ToolError(f"cannot write {options.output}: {folder} is no folder that can be written", "name another file after -o")
    both = _Both(sys.stdout)
    with contextlib.redirect_stdout(both):
        status = _bench(options)
    with open(options.output, "w") as file:
        file.write(TITLE + "".join(both.kept))
    return status


def _bench(options):
    unknown = set(options.parts) - set(PARTS)
    if unknown:
        raise say.ToolError(f"unknown part {', '.join(sorted(unknown))}", "choose of: " + " ".join(PARTS))
    wanted = [part for part in PARTS if part in options.parts or not options.parts and part not in ASKED]
    usual = bool(set(wanted) - set(ASKED))
    if not options.no_build:
        _build(options, usual)
    options.checked = {"kernel": paths.KERNEL, "host": paths.HOST}
    options.binaries = {"kernel": BUILD / paths.KERNEL.name, "host": BUILD / paths.HOST.name}
    for path in [*options.binaries.values(), *options.checked.values()] if usual else []:
        if not path.exists():
            raise say.ToolError(f"{path} is not built", "leave out --no-build")
    image = initramfs.base().write()
    _head(options)
    values = {}
    for part in wanted:
        if part == "kernel":
            values = _kernels(options, image)
        elif part == "scaling":
            _scaling(options, image, values)
        elif part in ("size", "times", "plugin"):
            {"size": _size, "times": _times, "plugin": bench_hardening.plugin}[part](options)
        elif part in ("host", "pinned"):
            _processes(options, image, part == "pinned")
        else:
            {"instructions": _instructions, "locks": _locks, "memory": _memory, "boot": _boot, "isolated": _isolated,
             "hardening": bench_hardening.hardening}[part](options, image)
        print(end="", flush=True)
    return 0
