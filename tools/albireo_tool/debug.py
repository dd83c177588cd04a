# SPDX-License-Identifier: MPL-2.0
"""`debug`: gdb on the OS process (host), or on QEMU's gdb stub (kernel), with the project's commands loaded."""
import os
import shutil
import subprocess
import tempfile
import time

from . import machine, packages, paths, qemu, run, say

GDB_COMMANDS = paths.ROOT / "tools" / "gdb" / "albireo.py"


def gdb_command(program, setup, batch, arguments=()):
    """gdb with our commands; `setup` are gdb commands, `batch` a script to run to its end without a terminal."""
    command = ["gdb", "-q", "-nx", "-iex", "set auto-load safe-path /", "-iex", "set debuginfod enabled off",
               "-ex", "set pagination off", "-ex", "set confirm off", "-ex", f"source {GDB_COMMANDS}"]
    for line in setup:
        command += ["-ex", line]
    if batch:
        command += ["-batch", "-x", batch]
    return [*command, *(["--args"] if arguments else []), str(program), *arguments]


def _call(command, options):
    """gdb's exit status. Ctrl-C is for gdb; we only wait."""
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL if options.batch else None, env={**os.environ, "SHELL": "/bin/sh"})
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            pass


def _host(options, image):
    program, *arguments = run.host_command(options, image)
    # The stub processes are children that gdb lets go; their signals, and those between threads, are the OS's own business.
    setup = ["set follow-fork-mode parent", "set detach-on-fork on", "set print inferior-events off",
             "set print thread-events off",
             "python gdb.execute('handle SIGSYS SIGUSR1 SIGUSR2 SIGALRM SIGCHLD SIGWINCH SIGCONT nostop noprint pass', to_string=True)"]
    if not options.batch:
        setup.append("echo Type `run` to start the OS. Ctrl-C then stops it (it does not reach the guest); `help albireo` lists "
                     "the OS's commands.\\n")
    # Breakpoints slow down what is between two stops, not the clock: that is how it is under any debugger.
    return _call(gdb_command(program, setup, options.batch, [*arguments, "--keys", "host"]), options)


def _wait_for_stub(process, path):
    for _ in range(200):
        if os.path.exists(path):
            return
        if process.poll() is not None:
            raise say.ToolError(f"QEMU ended with status {process.returncode} before gdb could connect", "see its message above")
        time.sleep(0.05)
    raise say.ToolError("QEMU's gdb stub did not come up in 10 s")


def _end(process, status_file):
    """Says how the machine ended, or ends it when gdb has left it."""
    try:
        status = qemu.guest_status(process.wait(0.5), status_file)
        say.progress("the machine ended without an exit status" if status is None else f"the machine ended with status {status}")
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _kernel(options, image):
    """gdb owns the terminal; the guest's console is shown by `tail -f` on a file, or in batch mode printed at the end."""
    with tempfile.TemporaryDirectory(prefix="albireo-") as folder:
        stub, console = os.path.join(folder, "gdb"), os.path.join(folder, "console.log")
        extra = ["-S", "-chardev", f"socket,id=gdb,path={stub},server=on,wait=off", "-gdb", "chardev:gdb"]
        command = run.kernel_command(options, image, os.path.join(folder, "status"), extra, console=f"file,path={console}")
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)
        try:
            _wait_for_stub(process, stub)
            # Hardware breakpoints also hold before the kernel has been loaded and mapped.
            setup = [f"target remote {stub}"]
            if not options.batch:
                say.progress(f"the guest's console is in {console}; watch it with: tail -f {console}")
                setup.append("echo Stopped before the first instruction: set breakpoints with `hbreak`, then `continue`. Ctrl-C stops "
                             "the machine; `help albireo` lists the OS's commands.\\n")
            return _call(gdb_command(machine.binary("kernel"), setup, options.batch), options)
        finally:
            _end(process, os.path.join(folder, "status"))
            if options.batch and os.path.exists(console):
                with open(console, errors="replace") as file:
                    print(file.read(), end="", flush=True)


def debug(options):
    if not options.no_build:
        packages.ensure("run")
    if shutil.which("gdb") is None:
        raise say.ToolError("gdb is not installed", "run `tools/albireo setup` (package gdb)")
    if options.batch and not os.path.isfile(options.batch):
        raise say.ToolError(f"there is no gdb script {options.batch}", "give --batch a file with gdb commands")
    if not options.batch and not os.isatty(0):
        raise say.ToolError("the standard input is not a terminal, and gdb needs one", "run a script: --batch FILE")
    run.check(options)
    run.prepare(options)
    image = run.chosen_image(options)
    return (_host if options.target == "host" else _kernel)(options, image)
