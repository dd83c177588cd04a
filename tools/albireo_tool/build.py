# SPDX-License-Identifier: MPL-2.0
"""Configures with meson and builds with ninja; reconfigures when the list of conformance programs changed."""
import os
import shutil
import subprocess
import time

from . import packages, paths, say

NATIVE_FILE = paths.ROOT / "tools" / "native.ini"
SHIPPED = paths.BUILD / "without-lock-checker"


def _programs_list():
    return "\n".join(str(path.relative_to(paths.CONFORMANCE)) for path in sorted(paths.CONFORMANCE.glob("*/*.c"))) + "\n"


def _environment():
    return {**os.environ, "CCACHE_NOHASHDIR": "1"}


def configure():
    """meson setup when there is no build yet, or a reconfigure when programs were added or removed."""
    stamp = paths.cache("conformance-programs")
    programs = _programs_list()
    if (paths.BUILD / "build.ninja").exists():
        if stamp.exists() and stamp.read_text() == programs:
            return
        command = ["meson", "setup", "--reconfigure", str(paths.BUILD)]
    else:
        say.progress(f"configuring {paths.BUILD}")
        command = ["meson", "setup", str(paths.BUILD), "--native-file", str(NATIVE_FILE)]
    result = subprocess.run(command, cwd=paths.ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                            env=_environment())
    if result.returncode != 0:
        raise say.ToolError("meson failed:\n" + result.stdout[-3000:])
    stamp.write_text(programs)


def ninja(targets=(), jobs=None, folder=paths.BUILD):
    """Builds. One line of progress on a terminal, or one every few seconds; compiler messages in full on failure."""
    command = ["ninja", "-C", str(folder), "-j", str(jobs or os.cpu_count() or 1), *targets]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
                               env={**_environment(), "NINJA_STATUS": "[%f/%t] "})
    terminal = os.isatty(2)
    width = shutil.get_terminal_size().columns - 1
    output, last, shown = [], time.monotonic(), False
    for line in process.stdout:
        output.append(line)
        if not line.startswith("[") or "/" not in line or say.quiet:
            continue
        if terminal:
            os.write(2, ("\r\x1b[K" + line.rstrip()[:width]).encode())
            shown = True
        elif time.monotonic() - last > 10:
            last = time.monotonic()
            say.progress("building " + line.split("]")[0] + "]")
    if shown:
        os.write(2, b"\r\x1b[K")
    if process.wait() != 0:
        failed = [line for line in output if not line.startswith("[") and not line.startswith("ninja: Entering")]
        raise say.ToolError("the build failed:\n" + "".join(failed)[-8000:], status=1)


def setup(folder, *settings):
    """Configures one more build, with other settings than the tests'."""
    result = subprocess.run(["meson", "setup", str(folder), "--native-file", str(NATIVE_FILE), *settings], cwd=paths.ROOT,
                            capture_output=True, text=True)
    if result.returncode != 0:
        raise say.ToolError("meson failed:\n" + result.stdout[-3000:])


def shipped(targets):
    """Builds targets as images and figures have them, in SHIPPED: without the lock checker, which tests and `run` keep."""
    if not (SHIPPED / "build.ninja").exists():
        say.progress("configuring the build without the lock checker")
        setup(SHIPPED, "-Ddebug_locks=false", "-Dsafe_profile=false")
    ninja(targets, folder=SHIPPED)


def everything(targets=()):
    packages.ensure("build")
    configure()
    ninja(targets)


def known_targets():
    """The names of everything ninja can build."""
    result = subprocess.run(["ninja", "-C", str(paths.BUILD), "-t", "targets", "all"], capture_output=True, text=True)
    return {line.rpartition(":")[0] for line in result.stdout.splitlines()}


def has_target(name):
    return name in known_targets()
