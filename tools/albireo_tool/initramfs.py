# SPDX-License-Identifier: MPL-2.0
"""Builds initramfs images: Debian's BusyBox with a link for each applet, our init, and what a caller adds.

Images are kept in the build directory by a hash of everything that goes into them.
"""
import hashlib
import shutil
import subprocess

from . import cpio, paths, say

ETC = {
    "passwd": "root:x:0:0:root:/root:/bin/sh\ndaemon:x:1:1:daemon:/usr/sbin:/bin/false\n"
              "user:x:1000:1000:user:/home/user:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n",
    "group": "root:x:0:\ndaemon:x:1:\ntty:x:5:\nuser:x:1000:\nnogroup:x:65534:\n",
    "profile": "PS1='\\w # '\n[ -d \"$HOME\" ] && cd \"$HOME\"\n",
    "hostname": "albireo\n",
    "hosts": "127.0.0.1 localhost albireo\n::1 localhost\n",
    "shells": "/bin/sh\n",
}


def find_busybox():
    """Debian's static BusyBox (the package's own binary)."""
    path = shutil.which("busybox", path="/bin:/usr/bin:/usr/local/bin")
    if path is None:
        raise say.ToolError("busybox is not installed", "run `tools/albireo setup` (package busybox-static)")
    with open(path, "rb") as file:
        data = file.read()
    if b"/lib64/ld-linux" in data[:4096]:
        raise say.ToolError(f"{path} is a dynamic program; the initramfs needs a static one",
                            "install the package busybox-static")
    return path, data


def applets(path):
    text = subprocess.run([path, "--list-full"], check=True, capture_output=True, text=True).stdout
    return sorted(name for name in text.split("\n") if name)


def fingerprint():
    """Bytes that change when what scripts run on changes: BusyBox and the files in /etc."""
    return find_busybox()[1] + repr(sorted(ETC.items())).encode()


class Image:
    """An initramfs in the making. Paths are absolute in the guest."""

    def __init__(self):
        self.entries = {}

    def file(self, name, data, mode=0o644):
        self.entries[name] = ("file", data if isinstance(data, bytes) else data.encode(), mode)

    def program(self, name, source):
        self.file(name, source.read_bytes(), 0o755)

    def link(self, name, target):
        self.entries[name] = ("link", target)

    def folder(self, name, mode=0o755):
        self.entries[name] = ("folder", mode)

    def device(self, name, major, minor, mode):
        self.entries[name] = ("device", major, minor, mode)

    def write(self):
        """The path of the finished image."""
        digest = hashlib.sha256(b"2")
        for name in sorted(self.entries):
            kind, *rest = self.entries[name]
            digest.update(f"{name}\0{kind}\0".encode())
            for item in rest:
                digest.update((item if isinstance(item, bytes) else str(item).encode()) + b"\0")
        path = paths.cache("initramfs", digest.hexdigest()[:20] + ".cpio")
        if path.exists():
            path.touch()
            return path
        archive = cpio.Archive()
        for name in sorted(self.entries):
            kind, *rest = self.entries[name]
            if kind == "folder" and name in archive:
                continue
            {"file": archive.file, "link": archive.link, "folder": archive.folder,
             "device": archive.character_device}[kind](name, *rest)
        temporary = path.with_suffix(f".{id(self)}.tmp")
        temporary.write_bytes(archive.finish())
        temporary.replace(path)
        _forget_old_images(path.parent)
        return path


def _forget_old_images(folder, keep=24):
    images = sorted(folder.glob("*.cpio"), key=lambda path: path.stat().st_mtime)
    for path in images[:-keep]:
        path.unlink(missing_ok=True)


def base():
    """What every image has: a system that boots to a shell."""
    image = Image()
    for folder in ("proc", "sys", "dev", "run", "mnt", "root", "home", "var", "var/log", "etc", "usr/local/bin", "conf"):
        image.folder("/" + folder)
    image.folder("/tmp", 0o1777)
    image.folder("/var/tmp", 0o1777)
    # A kernel that has not mounted devtmpfs opens these for init.
    image.device("/dev/console", 5, 1, 0o600)
    image.device("/dev/null", 1, 3, 0o666)
    path, data = find_busybox()
    image.file("/bin/busybox", data, 0o755)
    for applet in applets(path):
        name = "/" + applet
        if name not in image.entries:
            image.link(name, "/bin/busybox")
    for name, text in ETC.items():
        image.file("/etc/" + name, text)
    init = paths.APPS / "init"
    if not init.exists():
        raise say.ToolError("apps/init is not built", "run `tools/albireo build`")
    image.program("/init", init)
    image.link("/sbin/init", "/init")
    for name in ("bench", "bench-memory", "conf-runner"):
        if (paths.APPS / name).exists():
            image.program("/usr/local/bin/" + name, paths.APPS / name)
    return image
