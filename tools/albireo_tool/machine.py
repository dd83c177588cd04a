# SPDX-License-Identifier: MPL-2.0
"""A machine as tests see it: started with an initramfs and a command, its console read line by line, always ended.

Targets: host (the OS as a process), kernel (our kernel in QEMU), linux (Debian's kernel in the same QEMU), and uml (User-Mode
Linux), all with the same initramfs, CPUs and memory.
"""
import dataclasses
import os
import queue
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time

from . import cmdline, linux_kernel, paths, qemu, say

TARGETS = ("linux", "host", "kernel", "uml")
EXIT_MARKER = re.compile(rb"\x1eALBIREO-EXIT:(\d+)\x1e")


@dataclasses.dataclass
class Config:
    target: str
    initramfs: object
    command: tuple = ()          # run by our init; empty: a shell
    smp: int = 2
    memory: str = "256M"
    append: tuple = ()           # more kernel command-line words
    machine: str = "q35"         # not microvm: without HPET and ACPI timer Linux at times fails to calibrate its clock
    accel: str = "tcg"
    console: str = "serial"      # kernel target: of qemu.CONSOLES
    kernel: object = None        # another image than the built one
    mitigations: bool = False    # Linux: keep its mitigations for CPU bugs
    extra: tuple = ()            # more options for QEMU, or for albireo-host
    prefix: tuple = ()           # put before the command, such as ("taskset", "1")


def binary(target):
    """The built image of an Albireo target; an error that says what to do when it is not there."""
    path = paths.KERNEL if target == "kernel" else paths.HOST
    if not path.exists():
        raise say.ToolError(f"{path.name} is not built", "run `tools/albireo build`")
    return path


def command_line(config, status_file=None, serial_file=None):
    """The program to start and its arguments."""
    arguments = cmdline.for_command(config.command)
    words = [*config.append]
    if config.target == "host":
        line = cmdline.build(words, arguments)
        initramfs = ["--initramfs", str(config.initramfs)] if config.initramfs else []
        return [*config.prefix, str(config.kernel or binary("host")), *config.extra, *initramfs, "--smp", str(config.smp),
                "--memory", config.memory, "--append", line]
    if config.target == "uml":
        program = shutil.which("linux.uml")
        if program is None:
            raise say.ToolError("User-Mode Linux is not installed", "run `tools/albireo setup` (package user-mode-linux)")
        return [*config.prefix, program, f"mem={config.memory}", f"initrd={config.initramfs}", "con=null",
                "con0=fd:0,fd:1", "quiet", "albireo.exit=marker", *words, "--", *arguments]
    if config.target == "linux":
        kernel = linux_kernel.find()[0]
        words = ["console=ttyS0", "quiet", "loglevel=1", "panic=-1", "albireo.exit=marker",
                 "" if config.mitigations else "mitigations=off", *words]
    else:
        kernel = config.kernel or binary("kernel")
        words = [f"console={qemu.CONSOLES[config.console]}", *words]
    return [*config.prefix, *qemu.command(
        kernel, config.initramfs, cmdline.build(words, arguments), smp=config.smp, memory=config.memory,
        machine=config.machine, accel=config.accel, console="stdio,signal=off", kind=config.console,
        status_file=status_file if config.target == "kernel" else None, serial_file=serial_file, extra=config.extra)]


class Machine:
    """Use as a context manager. Nothing it started is left when the block ends."""

    def __init__(self, config):
        self.config = config
        self.console = []        # every line seen, for messages
        self.status = None       # the guest's exit status once it ended by itself
        self._lines = queue.Queue()

    def __enter__(self):
        self._folder = tempfile.TemporaryDirectory(prefix="albireo-")
        self._status_file = os.path.join(self._folder.name, "status")
        self._serial_file = os.path.join(self._folder.name, "serial")
        command = command_line(self.config, self._status_file, self._serial_file)
        self._errors = open(os.path.join(self._folder.name, "stderr"), "w+b")
        self.started = time.monotonic()
        self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                         stderr=self._errors, start_new_session=True)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        return self

    def __exit__(self, *_):
        self.kill()
        self._reader.join(2)
        self._errors.close()
        self._folder.cleanup()

    def _read(self):
        with self._process.stdout as stream:
            for line in stream:
                self._lines.put(line.rstrip(b"\r\n"))
        self._lines.put(None)

    def line(self, timeout):
        """The next console line, or None at the end. TimeoutError when nothing came for so many seconds."""
        try:
            line = self._lines.get(timeout=timeout)
        except queue.Empty:
            raise TimeoutError(f"no output for {timeout} s") from None
        if line is None:
            self._finish()
            return None
        self.console.append(line)
        match = EXIT_MARKER.search(line)
        if match and self.config.target in ("linux", "uml"):
            self.status = int(match.group(1))
        return line

    def lines(self, timeout, total=None):
        """All lines to the end; TimeoutError after so many silent, or `total`, seconds."""
        deadline = None if total is None else time.monotonic() + total
        while True:
            left = timeout if deadline is None else min(timeout, deadline - time.monotonic())
            if left <= 0:
                raise TimeoutError(f"not finished after {total} s")
            line = self.line(left)
            if line is None:
                return
            yield line

    def _finish(self):
        try:
            code = self._process.wait(10)
        except subprocess.TimeoutExpired:
            return
        if self.config.target == "host":
            self.status = code if code >= 0 else 128 - code
        elif self.config.target == "kernel":
            self.status = qemu.guest_status(code, self._status_file)

    def errors(self):
        """What the process wrote to stderr."""
        self._errors.flush()
        with open(self._errors.name, "rb") as file:
            return file.read().decode(errors="replace")

    def serial(self):
        """What the serial port said that is there beside a virtio console."""
        if not os.path.exists(self._serial_file):
            return ""
        with open(self._serial_file, "rb") as file:
            return file.read().decode(errors="replace")

    def tail(self, lines=15):
        """The last console lines and stderr, as text for a message."""
        text = [line.decode(errors="replace").replace("\x1e", "") for line in self.console[-lines:]]
        errors = self.errors().strip()
        return "\n".join(text + ([errors[-2000:]] if errors else []))

    @property
    def pid(self):
        return self._process.pid

    def kill(self):
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self._process.wait()


def run(config, timeout=60):
    """(exit status or None, console text) of one command."""
    with Machine(config) as machine:
        try:
            for _ in machine.lines(timeout, timeout):
                pass
        except TimeoutError as problem:
            return None, machine.tail(200) + f"\n[{problem}]"
        text = b"\n".join(machine.console).decode(errors="replace")
        errors = machine.errors()
        return machine.status, EXIT_MARKER.sub(b"", text.encode()).decode() + (("\n" + errors) if errors else "")
