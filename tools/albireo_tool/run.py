# SPDX-License-Identifier: MPL-2.0
"""`run`: boots a target on the terminal, or runs one command and ends with its status."""
import os
import subprocess
import tempfile
import termios

from . import cmdline, cpio, initramfs, machine, packages, paths, qemu, rootfs_archive, say

PANIC = 101          # exit status of a machine that panicked
MINIMUM_MEMORY = 64  # MiB: what Albireo promises to boot with


def megabytes(text):
    return int(text[:-1]) * (1024 if text[-1] == "G" else 1)


def chosen_initramfs(path):
    """The user's image after a look at it, or ours."""
    if path is None:
        return initramfs.base().write()
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError as problem:
        raise say.ToolError(f"cannot read the initramfs {path}: {problem.strerror}",
                            "give --initramfs an existing cpio file, or leave it out for the built-in BusyBox") from None
    reason = cpio.check(data)
    if reason:
        raise say.ToolError(f"{path} is no usable initramfs: {reason}",
                            "make one with: find . | cpio -o -H newc > FILE, or `tools/albireo image --format initramfs`")
    return os.path.abspath(path)


DEFAULT_MEMORY = "256M"


def set_memory(options, image):
    """With a root file system the memory must hold it, and on the kernel target its archive too."""
    if options.rootfs is None:
        options.memory = options.memory or DEFAULT_MEMORY
        return
    needed = rootfs_archive.memory_for(image)
    if options.memory is None:
        options.memory = f"{needed}M"
    elif megabytes(options.memory) < needed - 192:
        raise say.ToolError(f"{options.memory} is too little memory for {options.rootfs}", f"use --memory {needed}M, or leave it out")


def chosen_image(options):
    """The archive to boot; sets the memory when the user has not."""
    image = rootfs_archive.archive(options.rootfs) if options.rootfs is not None else chosen_initramfs(options.initramfs)
    set_memory(options, image)
    return image


def check(options):
    if options.rootfs is not None and (options.initramfs is not None or options.init is not None):
        raise say.ToolError("--rootfs brings its own first process", "leave out --initramfs and --init")
    if options.init is not None and (options.env or options.workdir is not None or options.user is not None):
        raise say.ToolError("--env, --workdir and --user need Albireo's own init", "leave out --init")
    if options.workdir is not None and not options.workdir.startswith("/"):
        raise say.ToolError(f"--workdir {options.workdir}: not an absolute path in the guest", "write it like /tmp")
    if options.memory is not None and megabytes(options.memory) < MINIMUM_MEMORY:
        raise say.ToolError(f"{options.memory} is too little memory: Albireo needs {MINIMUM_MEMORY}M",
                            f"use --memory {MINIMUM_MEMORY}M or more")
    if options.init is not None and not options.init.startswith("/"):
        raise say.ToolError(f"--init {options.init}: not an absolute path in the initramfs", "write it like /bin/sh")
    if options.isolated and options.target != "host":
        raise say.ToolError("--isolated is for the host target: the kernel has its own page tables", "leave it out")
    if options.subcommand == "run" and not options.command and options.init is None and not os.isatty(0):
        raise say.ToolError("the standard input is not a terminal, and an interactive shell needs one",
                            "run one command: tools/albireo run -- CMD ARGS (a shell script: -- sh < SCRIPT)")


def prepare(options):
    """Installs and builds what this run needs."""
    if options.no_build:
        return
    if options.target == "kernel":
        packages.ensure("run")
    from . import build
    wanted = ["albireo-kernel.elf" if options.target == "kernel" else "albireo-host", "apps/init", "apps/conf-runner"]
    build.packages.ensure("build")
    build.configure()
    if options.target == "kernel":
        wanted.append("tools/kvm-probe.elf")
    absent = [name for name in wanted if not build.has_target(name)]
    if absent:
        raise say.ToolError(f"this source tree does not build {', '.join(absent)} yet")
    build.ninja(wanted)


def kernel_words(options, console):
    """The kernel command line's words before init's arguments."""
    words = [f"console={console}"] if console else []
    words.append(f"init={cmdline.quote(options.init or (rootfs_archive.INIT if options.rootfs is not None else '/init'))}")
    if options.strace:
        words.append("strace")
    # Words a kernel does not know go to init's environment.
    terminal = os.environ.get("TERM", "")
    if terminal and terminal.isprintable() and not any(c in terminal for c in ' "'):
        words.append(f"TERM={terminal}")
    if options.target == "kernel" and os.isatty(0):
        # These consoles know no size: init sets it from these.
        try:
            size = os.get_terminal_size(0)
            words.append(f"COLUMNS={size.columns} LINES={size.lines}")
        except OSError:
            pass
    if options.append:
        words.append(options.append)
    return words


def init_arguments(options):
    if options.init is not None:
        return [cmdline.quote(word) for word in options.command]
    return cmdline.for_command(options.command, options.env, options.workdir, options.user)


def host_command(options, image):
    line = cmdline.build(kernel_words(options, None), init_arguments(options))
    isolated = ["--isolated"] if options.isolated else []
    return [str(machine.binary("host")), *isolated, "--initramfs", str(image), "--smp", str(options.smp), "--memory", options.memory,
            "--append", line]


def kernel_command(options, image, status_file, extra=(), console=None, serial_file=None):
    line = cmdline.build(kernel_words(options, qemu.CONSOLES[options.console]), init_arguments(options))
    # With mux, Ctrl-A x ends QEMU; without a terminal the guest shall get every byte.
    console = console or "stdio,signal=off" + (",mux=on" if os.isatty(0) else "")
    return qemu.command(machine.binary("kernel"), image, line, smp=options.smp, memory=options.memory,
                        machine=options.machine, accel=options.accel, console=console, kind=options.console,
                        status_file=status_file, serial_file=serial_file, extra=extra)


class Terminal:
    """Puts the terminal back as it was, however the guest ended."""

    def __enter__(self):
        self.saved = None
        try:
            if os.isatty(0):
                self.saved = termios.tcgetattr(0)
        except termios.error:
            pass
        return self

    def __exit__(self, *_):
        if self.saved is not None:
            termios.tcsetattr(0, termios.TCSADRAIN, self.saved)


def _call(command, errors=None):
    """Runs it on our own terminal. Ctrl-C belongs to the guest, so we only wait."""
    with Terminal():
        process = subprocess.Popen(command, stderr=errors)
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                # The terminal was not raw yet, or the signal came from elsewhere: end it and wait.
                process.terminate()


def say_file(path, heading):
    """Prints what is in the file, if it is there and not empty."""
    if os.path.exists(path) and os.path.getsize(path):
        with open(path, errors="replace") as file:
            say.error(heading + "\n" + file.read().replace("\r", "").rstrip("\n"))


def _run_host(options, image):
    code = _call(host_command(options, image))
    if code < 0:
        say.error(f"the OS process was killed by signal {-code}")
        return 128 - code
    return code


def _run_kernel(options, image):
    if options.accel == "auto" and os.isatty(0) and qemu.kvm_problem():
        say.progress(f"the CPU is emulated: {qemu.kvm_problem()}")
    with tempfile.TemporaryDirectory(prefix="albireo-") as folder:
        status_file, errors, serial_file = (os.path.join(folder, name) for name in ("status", "errors", "serial"))
        with open(errors, "wb") as file:
            code = _call(kernel_command(options, image, status_file, serial_file=serial_file), file)
        with open(errors, errors="replace") as file:
            text = file.read()
        if code < 0:
            text += f"QEMU was killed by signal {-code}\n"
        if text:
            say.error(text.rstrip("\n"))
        if code < 0:
            return 128 - code
        if qemu.failed_to_start(code, text):
            say.error("QEMU could not start the machine, see its message above")
            return 2
        status = qemu.guest_status(code, status_file)
        if status is None or status == PANIC:
            # What went wrong before there was a virtio console.
            say_file(serial_file, "the serial port said:")
        if status is None:
            say.error("the machine was reset or switched off without an exit status")
            return 1
        return status


def run(options):
    check(options)
    if options.target == "kernel" and options.no_build:
        qemu.find()
    if options.initramfs is not None:
        chosen_initramfs(options.initramfs)  # says early what is wrong with it
    prepare(options)
    if options.target == "kernel":
        qemu.accelerator(options.accel)  # says early when KVM was asked for and does not work
    image = chosen_image(options)
    return (_run_host if options.target == "host" else _run_kernel)(options, image)
