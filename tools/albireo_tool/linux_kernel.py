# SPDX-License-Identifier: MPL-2.0
"""Finds the Linux we compare with: Debian's cloud kernel, taken out of its package into the build directory.

Nothing is installed: a user's /boot stays as it is. ALBIREO_LINUX=FILE chooses another bzImage.
"""
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

from . import paths, say

META_PACKAGES = ("linux-image-6.12-cloud-amd64", "linux-image-cloud-amd64", "linux-image-virtual")


def _output(*command):
    result = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "LC_ALL": "C"})
    return result.stdout if result.returncode == 0 else ""


def _package():
    """The versioned package behind the first meta package that apt knows."""
    for meta in META_PACKAGES:
        for line in _output("apt-cache", "depends", "--no-recommends", "--no-suggests", meta).split("\n"):
            match = re.match(r"\s*Depends: (linux-image-(\S+))", line)
            if match:
                return match.group(1), match.group(2)
    raise say.ToolError("apt knows none of these packages: " + ", ".join(META_PACKAGES),
                        "run `apt-get update`, or set ALBIREO_LINUX to a Linux bzImage to compare with")


def _release(image):
    """The release inside a bzImage (boot protocol: offset 0x20e, plus 0x200, holds the version string)."""
    with open(image, "rb") as file:
        head = file.read(0x10000)
    if head[0x202:0x206] != b"HdrS":
        raise say.ToolError(f"{image} is not a Linux bzImage")
    at = int.from_bytes(head[0x20e:0x210], "little") + 0x200
    return head[at:at + 128].split(b" ", 1)[0].decode("ascii", "replace")


def _download(package, release, target):
    say.progress(f"fetching {package} (about 40 MB, once; it is unpacked, not installed)")
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        # apt's own user must not be needed to reach the folder.
        result = subprocess.run(["apt-get", "-o", "APT::Sandbox::User=root", "download", package], cwd=folder,
                                capture_output=True, text=True)
        debs = list(pathlib.Path(folder).glob("*.deb"))
        if result.returncode != 0 or not debs:
            raise say.ToolError(f"apt-get download {package} failed: {result.stderr.strip()[-300:]}",
                                "check the network, or set ALBIREO_LINUX to a Linux bzImage to compare with")
        tar = subprocess.Popen(["dpkg-deb", "--fsys-tarfile", debs[0]], stdout=subprocess.PIPE)
        subprocess.run(["tar", "-xC", folder, f"./boot/vmlinuz-{release}"], stdin=tar.stdout, check=True)
        tar.wait()
        shutil.move(os.path.join(folder, "boot", f"vmlinuz-{release}"), target)


def find():
    """(path of a bzImage, its release)."""
    chosen = os.environ.get("ALBIREO_LINUX")
    if chosen:
        return pathlib.Path(chosen), _release(chosen)
    kept = sorted(paths.cache("linux", "x").parent.glob("vmlinuz-*"))
    if kept:
        return kept[-1], _release(kept[-1])
    package, release = _package()
    installed = pathlib.Path("/boot") / f"vmlinuz-{release}"
    target = paths.cache("linux", f"vmlinuz-{release}")
    if os.access(installed, os.R_OK):
        shutil.copy(installed, target)
    else:
        _download(package, release, target)
    return target, _release(target)
