# SPDX-License-Identifier: MPL-2.0
"""The kernel target's consoles: a virtio console on each machine, both kinds at once, none where one was asked for, panics."""
from .. import initramfs, machine, paths, qemu
from . import command

SECONDS = 60
PANIC = 101


class Consoles(command.Command):
    name = "boot/consoles"
    about = "the kernel target's virtio console"
    order = 30
    build = ("apps/init", "albireo-kernel.elf", "protection.elf")

    def tests(self, full):
        machine.binary("kernel")
        return super().tests(full)

    def _boot(self, *words, kind="q35", **more):
        """(exit status, text of the virtio console, text of the serial port)"""
        image = None if "kernel" in more else initramfs.base().write()
        with machine.Machine(machine.Config("kernel", image, words, machine=kind, **{"console": "virtio", **more})) as started:
            for _ in started.lines(SECONDS, SECONDS):
                pass
            return started.status, b"\n".join(started.console).decode(errors="replace"), started.serial()

    def _shell(self, kind):
        terminal = command.Terminal("-q", "run", "--no-build", "--target", "kernel", "--accel", "tcg", "--console", "virtio",
                                    "--machine", kind)
        try:
            terminal.expect(command.PROMPT)
            terminal.type("echo sum $((40+2))\r")
            terminal.expect(r"\nsum 42\n")
            terminal.type("echo ready; cat\r")
            terminal.expect("\nready\n")
            terminal.type("line\r")
            terminal.expect("line\nline\n")
            terminal.type("\x04")
            terminal.expect(command.PROMPT)
            terminal.type("exit 203\r")
            assert terminal.end() == 203, f"exit status {terminal.status}"
        finally:
            terminal.close()

    def test_shell_on_q35(self):
        self._shell("q35")

    def test_shell_on_pc(self):
        self._shell("pc")

    def test_shell_on_microvm(self):
        self._shell("microvm")

    def test_command_and_its_input_from_a_pipe(self):
        for kind in qemu.MACHINES:
            command.expect_status(9, "-q", "run", "--no-build", "--target", "kernel", "--accel", "tcg", "--console", "virtio",
                                  "--machine", kind, "--", "sh", "-c", "head -n 2; exit 9", data=b"one\ntwo\n",
                                  output="one\ntwo\n" * 2)  # echoed, then printed

    def test_much_output(self):
        lines = [str(i) for i in range(1, 20001)]
        status, text, _ = self._boot("seq", "1", "20000")
        assert status == 0 and text.split("\n") == lines, f"status {status}, {len(text)} characters: {text[:200]!r}"

    def test_device_that_the_command_line_names(self):
        # Without ACPI QEMU adds virtio_mmio.device= words.
        status, text, _ = self._boot(kind="microvm", smp=1, extra=("-machine", "acpi=off"), append=("init=/bin/busybox", "echo", "hello"))
        assert status == 0 and "hello" in text, f"status {status}: {text}"

    def test_both_at_once(self):
        status, text, serial = self._boot("sh", "-c", "echo hello; exit 3", append=("console=ttyS0",))
        assert status == 3 and text == "hello" and serial == "hello\r\n", f"status {status}: {text!r}, {serial!r}"

    def test_nothing_on_the_serial_port(self):
        status, text, serial = self._boot("echo", "hello")
        assert status == 0 and text == "hello" and serial == "", f"status {status}: {text!r}, {serial!r}"

    def test_no_device(self):
        status, text, _ = self._boot("sh", "-c", "echo hello; exit 3", console="serial", append=("console=hvc0",))
        assert status == 3 and "hello" in text and "no virtio console" in text, f"status {status}: {text}"

    def test_device_without_msi_x(self):
        status, text, _ = self._boot("sh", "-c", "echo hello; exit 3", console="serial", append=("console=hvc0",),
                                     extra=("-device", "virtio-serial-pci,vectors=0"))
        assert status == 3 and "hello" in text and "MSI-X" in text, f"status {status}: {text}"

    def test_legacy_device(self):
        status, text, _ = self._boot("sh", "-c", "echo hello; exit 3", kind="microvm", console="serial", append=("console=hvc0",),
                                     extra=("-device", "virtio-serial-device"))
        assert status == 3 and "hello" in text and "force-legacy=false" in text, f"status {status}: {text}"

    def test_panic(self):
        for kind in ("q35", "microvm"):
            status, text, serial = self._boot(kind=kind, kernel=paths.BUILD / "protection.elf", append=("protect=write-text",))
            for where in (text, serial):
                assert status == PANIC and "panic: exception in OS code" in where and "first_entry" in where, f"status {status}: {where}"


def suites():
    return [Consoles()]
