# SPDX-License-Identifier: MPL-2.0
"""QEMU command lines and exit codes, and whether KVM really works here."""
import json
import os
import shutil
import subprocess

from . import paths, say

KVM = os.environ.get("ALBIREO_KVM", "/dev/kvm")  # another path lets a test see what happens without
QEMU = "qemu-system-x86_64"
MACHINES = ("microvm", "q35", "pc")
DEFAULT_MACHINE = "microvm"
CONSOLES = {"serial": "ttyS0", "virtio": "hvc0"}  # and what the kernel command line calls them


def find():
    path = shutil.which(QEMU)
    if path is None:
        raise say.ToolError(f"{QEMU} is not installed", "run `tools/albireo setup` (package qemu-system-x86)")
    return path


def machine_option(machine):
    return "microvm,rtc=on" if machine == "microvm" else machine


def _probe_kvm():
    """Runs a guest that needs long mode, paging and vector instructions under KVM. None if it worked, else why not."""
    if not os.path.exists(KVM):
        return f"there is no {KVM}"
    if not os.access(KVM, os.R_OK | os.W_OK):
        return f"{KVM} may not be opened (be in group kvm to use it)"
    probe = paths.BUILD / "tools" / "kvm-probe.elf"
    if not probe.exists():
        return "the probe guest is not built"
    command = [find(), "-M", "microvm", "-accel", "kvm", "-cpu", "max", "-m", "64", "-display", "none", "-nodefaults",
               "-no-reboot", "-kernel", str(probe), "-device", "isa-debug-exit,iobase=0xf4,iosize=1"]
    try:
        result = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=4)
    except subprocess.TimeoutExpired:
        return f"{KVM} is there, but a small guest did not end in 4 s"
    if result.returncode == 42 << 1 | 1:
        return None
    return f"{KVM} is there, but a small guest failed: " + result.stderr.decode(errors="replace").split("\n")[0]


def kvm_problem():
    """None when KVM works, else the reason. Asked once, then kept in the build directory until the machine restarts."""
    try:
        with open("/proc/sys/kernel/random/boot_id") as file:
            boot = file.read().strip()
    except OSError:
        boot = "?"
    key = f"{boot} {KVM} {os.access(KVM, os.R_OK | os.W_OK)} {os.geteuid()}"
    kept = paths.cache("kvm.json")
    try:
        answer = json.loads(kept.read_text())
        if answer["key"] == key:
            return answer["problem"]
    except (OSError, ValueError, KeyError):
        pass
    problem = _probe_kvm()
    if problem != "the probe guest is not built":
        kept.write_text(json.dumps({"key": key, "problem": problem}))
    return problem


def accelerator(wanted="auto"):
    """QEMU options for the wanted accelerator: auto, kvm or tcg."""
    if wanted == "tcg":
        return ["-accel", "tcg", "-cpu", "max"]
    problem = kvm_problem()
    if problem is None:
        return ["-accel", "kvm", "-cpu", "host"]
    if wanted == "kvm":
        raise say.ToolError(f"KVM does not work here: {problem}", "leave out --accel kvm to emulate the CPU instead")
    return ["-accel", "tcg", "-cpu", "max"]


def console_devices(kind, machine, serial_file):
    """The console device on the chardev `console`. Beside virtio there is a serial port too, for early boot and panics."""
    if kind == "serial":
        return ["-serial", "chardev:console"]
    serial = ["-serial", "null"]
    if serial_file is not None:
        serial = ["-chardev", f"file,id=serial,path={str(serial_file).replace(',', ',,')}", "-serial", "chardev:serial"]
    # Without `force-legacy` microvm's devices are those of before VIRTIO 1.0.
    bus = ["-global", "virtio-mmio.force-legacy=false", "-device", "virtio-serial-device"]
    return [*serial, *(bus if machine == "microvm" else ["-device", "virtio-serial-pci"]), "-device", "virtconsole,chardev=console"]


def command(kernel, initramfs, cmdline, *, smp, memory, machine=DEFAULT_MACHINE, accel="tcg", console="stdio", kind="serial",
            status_file=None, serial_file=None, extra=()):
    """The whole command line. console: a chardev backend with its options; kind: of CONSOLES; serial_file: gets what the serial
    port says beside a virtio console."""
    words = [find(), "-M", machine_option(machine), *accelerator(accel), "-smp", str(smp), "-m", memory,
             "-display", "none", "-nodefaults", "-no-reboot", "-kernel", str(kernel), "-append", cmdline,
             "-chardev", f"{console},id=console", *console_devices(kind, machine, serial_file)]
    if initramfs is not None:
        words += ["-initrd", str(initramfs)]
    if status_file is not None:
        words += ["-device", "isa-debug-exit,iobase=0xf4,iosize=1",
                  "-chardev", f"file,id=status,path={str(status_file).replace(',', ',,')}",
                  "-device", "isa-debugcon,iobase=0xe9,chardev=status"]
    return words + list(extra)


def guest_status(code, status_file):
    """The guest's exit status from QEMU's, or None when the guest gave none (power off without a status, reset). QEMU's own
    failures end with 1 as status 0 of a guest does: see failed_to_start().

    isa-debug-exit turns the byte written into (byte << 1) | 1, of which a process keeps 8 bits: statuses from 128 on
    do not fit, so the kernel first writes the status to the debug console port.
    """
    try:
        with open(status_file, "rb") as file:
            written = file.read()
    except OSError:
        written = b""
    if written and code >= 0:
        return written[-1]
    return code >> 1 if code > 0 and code & 1 else None


def failed_to_start(code, errors):
    """Whether QEMU ended by an error of its own: then it says so on stderr."""
    return code == 1 and any(line.startswith((QEMU, "qemu:")) and "warning:" not in line for line in errors.split("\n"))
