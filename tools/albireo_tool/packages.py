# SPDX-License-Identifier: MPL-2.0
"""Debian packages the project needs, and how the missing ones get installed."""
import os
import shutil
import subprocess

from . import say

BUILD = ("clang-19", "lld-19", "llvm-19", "llvm-19-dev", "libclang-19-dev", "libclang-rt-19-dev", "libc++-19-dev", "libc++abi-19-dev",
         "meson", "ninja-build", "ccache", "pkg-config", "libboost-context-dev", "liburing-dev", "catch2",
         "gcc", "libc6-dev", "linux-libc-dev", "musl-tools", "busybox-static")
RUN = ("qemu-system-x86", "gdb")
BENCH = ("user-mode-linux",)
ROOTFS = ("mmdebstrap", "debian-archive-keyring", "uidmap", "fakechroot", "fakeroot")
PURPOSE = {"build": BUILD, "run": RUN, "bench": BENCH, "rootfs": ROOTFS}


def missing(*purposes):
    """Packages for these purposes that dpkg does not list as installed."""
    wanted = [name for purpose in purposes for name in PURPOSE[purpose]]
    if shutil.which("dpkg-query") is None:
        return []
    result = subprocess.run(["dpkg-query", "-W", "-f", "${Package} ${db:Status-Status}\n", *wanted],
                            capture_output=True, text=True, env={**os.environ, "LC_ALL": "C"})
    present = {line.split()[0] for line in result.stdout.splitlines() if line.endswith(" installed")}
    return [name for name in wanted if name not in present]


def install(names):
    """Installs packages by apt, through sudo when not root. Says exactly what before it does."""
    if not names:
        return
    command = ["apt-get", "install", "-y", "--no-install-recommends", *names]
    by_hand = "apt-get install " + " ".join(names)
    if shutil.which("apt-get") is None:
        raise say.ToolError("these packages are missing and this system has no apt: " + " ".join(names),
                            "install their equivalents; Debian 12 and Ubuntu 24.04 are the systems we know")
    if os.geteuid() != 0:
        if shutil.which("sudo") is None:
            raise say.ToolError("these packages are missing: " + " ".join(names), f"as root, run: {by_hand}")
        command = ["sudo", "-p", "albireo: password for installing packages: ", *command]
    say.progress("installing missing packages: " + " ".join(names))
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    if subprocess.run(command, env=environment, stdout=2).returncode == 0:
        return
    say.progress("refreshing the package lists and trying again")
    update = (["sudo"] if os.geteuid() != 0 else []) + ["apt-get", "update"]
    subprocess.run(update, env=environment, stdout=2)
    if subprocess.run(command, env=environment, stdout=2).returncode != 0:
        raise say.ToolError("apt could not install the missing packages", f"see its message above; by hand: {by_hand}")


def ensure(*purposes):
    install(missing(*purposes))
