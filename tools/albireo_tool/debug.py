# SPDX-License-Identifier: MPL-2.0
"""`debug`: gdb on the OS process (host), or on QEMU's gdb stub (kernel), with the project's commands loaded."""
import os
import shutil
import subprocess
import tempfile
import time

from . import machine, packages, paths, run, say

GDB_SCRIPTS = paths.ROOT / "tools" / "gdb"


def gdb_command(program, setup, batch):
    """gdb with our Python commands; `setup` are gdb commands, `batch` a script to run to its end without a terminal."""
    command = ["gdb", "-q", "-iex", f"add-auto-load-safe-path {paths.BUILD}", "-ex", "set pagination off"]
    for script in sorted(GDB_SCRIPTS.glob("*.py")):
        command += ["-ex", f"source {script}"]
    for line in setup:
        command += ["-ex", line]
    if batch:
        command += ["-batch", "-x", batch]
    return [*command, str(program)]


def _host(options, image):
    program, *arguments = run.host_command(options, image)
    # The stubs' signals are the OS's own business; they must not stop the debugger.
    setup = ["set startup-with-shell off", "handle SIGSYS SIGUSR1 SIGUSR2 SIGALRM nostop noprint pass"]
    if not options.batch:
        setup.append("echo Type `run` to start the OS; then Ctrl-C stops it. `help albireo` lists its own commands.\\n")
    command = gdb_command(program, setup, options.batch)
    return subprocess.call([*command[:-1], "--args", program, *arguments])



def _wait_for_stub(process, path):
    for _ in range(100):
        if os.path.exists(path):
            return
        if process.poll() is not None:
            raise say.ToolError(f"QEMU ended with status {process.returncode} before gdb could connect")
        time.sleep(0.05)
    raise say.ToolError("QEMU's gdb stub did not come up in 5 s")


def _kernel(options, image):
    with tempfile.TemporaryDirectory(prefix="albireo-") as folder:
        stub = os.path.join(folder, "gdb")
        console = os.path.join(folder, "console.log")
        extra = ["-S", "-chardev", f"socket,id=gdb,path={stub},server=on,wait=off", "-gdb", "chardev:gdb"]
        command = run.kernel_command(options, image, os.path.join(folder, "status"), extra)
        # gdb owns the terminal; the console goes to a file whose name gdb's user is told.
        command = [word.replace("stdio,signal=off,mux=on", f"file,path={console}")
                   .replace("stdio,signal=off", f"file,path={console}") for word in command]
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)
        try:
            _wait_for_stub(process, stub)
            setup = [f"target remote {stub}"]
            if not options.batch:
                say.progress(f"the guest's console is written to {console}")
                setup.append("echo Stopped before the first instruction: type `continue`. `help albireo` lists commands.\\n")
            return subprocess.call(gdb_command(machine.binary("kernel"), setup, options.batch))
        finally:
            process.kill()
            process.wait()
            if options.batch and os.path.exists(console):
                with open(console, errors="replace") as file:
                    print(file.read(), end="")


def debug(options):
    if not options.no_build:
        packages.ensure("run")
    if shutil.which("gdb") is None:
        raise say.ToolError("gdb is not installed", "run `tools/albireo setup`")
    if options.batch and not os.path.isfile(options.batch):
        raise say.ToolError(f"there is no gdb script {options.batch}")
    run.check(options)
    run.prepare(options)
    image = run.chosen_initramfs(options.initramfs)
    return (_host if options.target == "host" else _kernel)(options, image)
