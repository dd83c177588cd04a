# SPDX-License-Identifier: MPL-2.0
"""The tools/albireo command as a user meets it: exit statuses, arguments, input, the terminal, and messages for mistakes.

Each test runs the command itself. A message has to name the thing that is wrong and the exit status must not be 0.
"""
import contextlib
import fcntl
import os
import pathlib
import pty
import re
import select
import signal
import struct
import subprocess
import tempfile
import termios
import time

from .. import cpio, machine, paths, testing

TOOL = str(paths.ROOT / "tools" / "albireo")
SECONDS = 60
PROMPT = "# (\x1b\\[6n)?$"  # ash asks the terminal where the cursor is


def call(*arguments, data=b"", environment=None):
    """(exit status, stdout and stderr) of the command; input from a pipe."""
    process = subprocess.Popen([TOOL, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                               env={**os.environ, **(environment or {})}, start_new_session=True)
    try:
        output, _ = process.communicate(data, SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        output, _ = process.communicate()
        return None, output.decode(errors="replace") + f"\n[not finished after {SECONDS} s]"
    return process.returncode, output.decode(errors="replace").replace("\r\n", "\n")


class Terminal:
    """The command on a terminal of its own (a pty)."""

    def __init__(self, *arguments):
        self.text = ""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ["TERM"] = "dumb"
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("4H", 24, 80, 0, 0))
            os.execv(TOOL, [TOOL, *arguments])
        self.status = None

    def expect(self, pattern):
        """Waits for a text that comes after what the last call found."""
        deadline = time.monotonic() + SECONDS
        while True:
            found = re.search(pattern, self.text)
            if found:
                self.text = self.text[found.end():]
                return
            ready = select.select([self.fd], [], [], max(0, deadline - time.monotonic()))[0]
            try:
                data = os.read(self.fd, 4096) if ready else b""
            except OSError:
                data = b""
            if not data:
                raise AssertionError(f"no {pattern!r} came; the last text was:\n{self.text[-2000:]}")
            self.text += data.decode(errors="replace").replace("\r", "")

    def type(self, text):
        os.write(self.fd, text.encode())

    def end(self):
        """The exit status."""
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            if select.select([self.fd], [], [], 0.05)[0]:
                try:
                    self.text += os.read(self.fd, 4096).decode(errors="replace")
                except OSError:
                    pass
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.status = os.waitstatus_to_exitcode(status)
                return self.status
        raise AssertionError("the command did not end")

    def close(self):
        if self.status is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self.fd)


@contextlib.contextmanager
def initramfs_with(files):
    """The name of an initramfs with these programs and nothing else."""
    archive = cpio.Archive()
    for name, data in files.items():
        archive.file(name, data, 0o755)
    with tempfile.NamedTemporaryFile(suffix=".cpio") as file:
        file.write(archive.finish())
        file.flush()
        yield file.name


def expect_status(expected, *arguments, output=None, **more):
    status, text = call(*arguments, **more)
    assert status == expected, f"exit status {status} instead of {expected}; output:\n{text}"
    assert output is None or text == output, f"the output is {text!r} instead of {output!r}"


def expect_error(*words, arguments, **more):
    status, text = call(*arguments, **more)
    assert status is not None and status != 0, f"exit status {status}; output:\n{text}"
    missing = [word for word in words if word not in text]
    assert not missing, f"the message says nothing of {missing}:\n{text}"
    assert "Traceback" not in text, text


class Command(testing.Suite):
    """Tests are the methods of a subclass that begin with test_."""

    order = 35

    def tests(self, full):
        return [name[5:].replace("_", "-") for name in dir(self) if name.startswith("test_")]

    def run(self, names, report, full):
        for name in names:
            try:
                getattr(self, "test_" + name.replace("-", "_"))()
                report(name, testing.PASS)
            except AssertionError as problem:
                report(name, testing.FAIL, str(problem))


class OnTarget(Command):
    def __init__(self, target):
        self.target = target
        self.name = f"command/{target}"
        self.about = f"`run` on the {target} target"
        self.build = ("apps/init", "albireo-host" if target == "host" else "albireo-kernel.elf")
        self.start = ("-q", "run", "--no-build", "--target", target)

    def tests(self, full):
        machine.binary(self.target)
        return super().tests(full)

    def command(self, *words):
        return (*self.start, "--", *words)

    def test_exit_status(self):
        for status in (0, 1, 7, 127, 128, 255):
            expect_status(status, *self.command("sh", "-c", f"exit {status}"))

    def test_killed_by_a_signal(self):
        expect_status(128 + 15, *self.command("sh", "-c", "kill -TERM $$; sleep 10"))

    def test_command_not_found(self):
        expect_status(127, *self.command("no-such-command"))

    def test_arguments_arrive_unchanged(self):
        words = ["a b", "", 'say "hi"', "50%", "%41", "back\\slash", "a=b c", "--", "-x", "ü", "tab\there", "$HOME", "*"]
        expect_status(0, *self.command("printf", "[%s]\\n", *words), output="".join(f"[{word}]\n" for word in words))

    def test_input_from_a_pipe(self):
        expect_status(0, *self.command("head", "-n", "2"), data=b"one\ntwo\n" if self.target == "host" else b"one\ntwo\n")

    def test_init_of_the_user(self):
        status, text = call(*self.start, "--init", "/bin/echo", "--", "hello there", "you")
        assert status == 0 and "hello there you" in text, f"{status}: {text}"

    def test_environment_by_append(self):
        status, text = call(*self.start, "--append", "COLOUR=blue", "--", "sh", "-c", "echo $COLOUR $HOME")
        assert status == 0 and "blue /" in text, f"{status}: {text}"

    def test_strace_prints_calls(self):
        status, text = call(*self.start, "--strace", "--", "cat", "/etc/hostname")
        assert status == 0 and re.search(r'open(at)?\(.*"/etc/hostname".*\) = 3', text), f"{status}: {text[-3000:]}"

    def test_times_of_locks_on_request(self):
        status, text = call(*self.start, "--append", "ostd.lockstat", "--", "true")
        assert status == 0 and re.search(r"^lockstat 300 \d+$", text, re.M), f"{status}: {text}"

    def test_shell_on_a_terminal(self):
        terminal = Terminal(*self.start)
        try:
            before = termios.tcgetattr(terminal.fd)
            terminal.expect(PROMPT)
            terminal.type("echo $((6*7))\r")
            terminal.expect(r"\n42\n")
            terminal.type("sleep 1000\r")
            terminal.expect("1000\n")
            time.sleep(0.3)
            terminal.type("\x03")
            terminal.expect(PROMPT)
            terminal.type("echo $?; cat\r")
            terminal.expect("130\n")
            terminal.type("line\r")
            terminal.expect("line\nline\n")
            terminal.type("\x04")
            terminal.expect(PROMPT)
            terminal.type("exit 5\r")
            assert terminal.end() == 5, f"exit status {terminal.status}"
            assert termios.tcgetattr(terminal.fd) == before, "the terminal was not put back as it was"
        finally:
            terminal.close()

    def test_missing_init(self):
        expect_error("/no/such/init", "no such file", "--init", arguments=(*self.start, "--init", "/no/such/init", "--", "x"))

    def test_init_that_is_no_program(self):
        expect_error("/etc/passwd", "not an executable", arguments=(*self.start, "--init", "/etc/passwd", "--", "x"))

    def test_init_that_is_damaged(self):
        program = (paths.APPS / "init").read_bytes()
        other = program[:18] + b"\xb7" + program[19:]  # e_machine: AArch64
        for data, words in ((program[:3000], "not an x86-64 ELF program"), (other, "not an x86-64 ELF program"),
                            (b"", "not an x86-64 ELF program"), (b"#!/no/such/shell\n", "interpreter")):
            with initramfs_with({"/odd": data}) as image:
                expect_error("/odd", words, "--init", arguments=(*self.start, "--initramfs", image, "--init", "/odd", "--", "x"))

    def test_initramfs_without_init(self):
        with initramfs_with({"/other": b"text"}) as image:
            expect_error("/init", "no such file", "--init", arguments=(*self.start, "--initramfs", image, "--", "x"))

    def test_initramfs_larger_than_memory(self):
        with initramfs_with({"/init": (paths.APPS / "init").read_bytes(), "/filler": bytes(80 << 20)}) as image:
            expect_error("initr", arguments=(*self.start, "--memory", "64M", "--initramfs", image, "--", "x"))

    def test_init_that_is_a_folder(self):
        expect_error("/etc", arguments=(*self.start, "--init", "/etc", "--", "x"))

    def test_too_little_memory_for_the_system(self):
        image = os.path.join(paths.CACHE, "empty-test.cpio")
        pathlib.Path(image).write_bytes(b"070701" + b"0" * 104)
        # With 4M the firmware writes to where the end of the kernel image is.
        status, text = machine.run(machine.Config(self.target, image, ("true",), memory="6M"), 20)
        assert status not in (0, None) and "memory" in text, f"exit status {status}; output:\n{text}"

    def test_corrupt_initramfs(self):
        with tempfile.NamedTemporaryFile(suffix=".cpio") as file:
            file.write(b"this is no archive" * 100)
            file.flush()
            status, text = machine.run(machine.Config(self.target, file.name, ("true",)), 20)
        assert status not in (0, None) and "initramfs" in text, f"exit status {status}; output:\n{text}"


class Host(OnTarget):
    def __init__(self):
        super().__init__("host")

    def test_program_says_what_option_it_does_not_know(self):
        for option in ("--bogus", "stray"):
            result = subprocess.run([machine.binary("host"), option], capture_output=True, text=True, timeout=SECONDS,
                                    stdin=subprocess.DEVNULL)
            assert result.returncode != 0 and option in result.stderr, f"{result.returncode}: {result.stderr}"

    def test_program_says_which_initramfs_is_missing(self):
        result = subprocess.run([machine.binary("host"), "--initramfs", "/no/such/file"], capture_output=True, text=True,
                                timeout=SECONDS, stdin=subprocess.DEVNULL)
        assert result.returncode != 0 and "/no/such/file" in result.stderr, f"{result.returncode}: {result.stderr}"


class Errors(Command):
    """Mistakes that the tool itself finds."""

    name = "command/errors"
    about = "messages for mistakes"
    build = ("apps/init", "albireo-host", "albireo-kernel.elf")

    def test_unknown_option(self):
        expect_error("--bogus", "--help", arguments=("run", "--bogus"))

    def test_unknown_subcommand(self):
        expect_error("fly", "run", arguments=("fly",))

    def test_no_subcommand(self):
        expect_error("--help", arguments=())

    def test_command_without_dashes(self):
        expect_error("ls", "--", arguments=("run", "ls"))

    def test_cpus(self):
        for value in ("0", "9", "two", "-1"):
            expect_error("--smp", arguments=("run", "--smp", value, "--", "true"))

    def test_memory(self):
        expect_error("lots", "256M", arguments=("run", "--memory", "lots", "--", "true"))
        expect_error("16M", "64M", arguments=("run", "--memory", "16M", "--", "true"))

    def test_console(self):
        expect_error("--console", "vga", "virtio", "serial", arguments=("run", "--target", "kernel", "--console", "vga", "--", "true"))

    def test_missing_initramfs(self):
        expect_error("/no/such.cpio", "--initramfs", arguments=("run", "--initramfs", "/no/such.cpio", "--", "true"))

    def test_initramfs_that_is_none(self):
        contents = {"empty": b"", "cpio archive": b"hello" * 100, "compressed": b"\x1f\x8b" + b"x" * 100,
                    "cut off": b"070701" + b"0" * 104}
        for word, data in contents.items():
            with tempfile.NamedTemporaryFile(suffix=".cpio") as file:
                file.write(data)
                file.flush()
                expect_error(file.name, word, arguments=("run", "--initramfs", file.name, "--", "true"))

    def test_relative_init(self):
        expect_error("bin/sh", "absolute", arguments=("run", "--init", "bin/sh"))

    def test_isolated_kernel(self):
        expect_error("--isolated", "host target", arguments=("run", "--no-build", "--isolated", "--target", "kernel", "--", "true"))

    def test_quote_for_a_foreign_init(self):
        expect_error("double quote", arguments=("run", "--no-build", "--init", "/bin/sh", "--", 'a"b'))

    def test_input_that_is_no_terminal(self):
        expect_error("not a terminal", "--", arguments=("run",))

    def test_no_qemu(self):
        with tempfile.TemporaryDirectory() as folder:
            os.symlink("/usr/bin/env", os.path.join(folder, "env"))
            os.symlink("/usr/bin/python3", os.path.join(folder, "python3"))
            expect_error("qemu-system-x86_64", "setup", environment={"PATH": folder},
                         arguments=("run", "--no-build", "--target", "kernel", "--", "true"))

    def test_no_kvm(self):
        expect_error("/no/such/kvm", "--accel", environment={"ALBIREO_KVM": "/no/such/kvm"},
                     arguments=("run", "--no-build", "--target", "kernel", "--accel", "kvm", "--", "true"))

    def test_kvm_that_does_not_work_is_survived(self):
        expect_status(0, "-q", "run", "--no-build", "--target", "kernel", "--", "true", environment={"ALBIREO_KVM": "/no/such/kvm"})

    def test_debug_without_a_terminal(self):
        expect_error("not a terminal", "--batch", arguments=("debug", "--no-build"))

    def test_debug_script_that_is_missing(self):
        expect_error("/no/such.gdb", "--batch", arguments=("debug", "--no-build", "--batch", "/no/such.gdb"))

    def test_output_that_cannot_be_written(self):
        expect_error("/no/such/folder", arguments=("image", "--format", "initramfs", "-o", "/no/such/folder/x"))

    def test_part_of_bench_that_is_unknown(self):
        expect_error("speed", "instructions", arguments=("bench", "--no-build", "speed"))

    def test_glob_that_matches_nothing(self):
        expect_error("no-such-test", "--list", "0 passed, 0 failed, 0 skipped",
                     arguments=("test", "--no-build", "no-such-suite/no-such-test"))

    def test_help_of_every_subcommand(self):
        for name in ("run", "debug", "test", "bench", "image", "build", "setup"):
            status, text = call(name, "--help")
            assert status == 0 and f"tools/albireo {name}" in text, f"{name}: {status}: {text}"


def suites():
    return [Host(), OnTarget("kernel"), Errors()]
