# SPDX-License-Identifier: MPL-2.0
"""Makes the archive to boot from a root file system: a folder or a tar file, to cpio, with our init in front.

Init and what belongs to it is below /.albireo, which it removes when it runs. Archives are kept in the build directory as
long as their source does not change.
"""
import hashlib
import lzma
import os
import pathlib
import stat
import struct
import tarfile
import tempfile
import zlib

from . import cpio, paths, say

FOLDER = ".albireo"
INIT = f"/{FOLDER}/init"
KEEP = 4
FORMAT = b"3"            # changes when what is written changes
MOUNT_POINTS = ("proc", "sys", "dev", "run", "tmp")


class _Out:
    """Entries of one archive. Names are bytes without a slash in front."""

    def __init__(self, file):
        self.stream = cpio.Stream(file)
        self.inodes = {}     # of the source to (ours, number of links)
        self.xattrs = []
        self.top = set()
        self.stream.entry(b".", stat.S_IFDIR | 0o755, links=2)

    def entry(self, name, mode, *, uid=0, gid=0, mtime=0, size=0, source=None, data=b"", device=(0, 0), same=None, links=1):
        """same: what tells that another entry is a hard link to this one."""
        self.top.add(name.split(b"/")[0])
        number, first = None, True
        if same is not None:
            number = self.inodes.get(same)
            first = number is None
            if first:
                self.inodes[same] = number = self.stream.new_inode()
        if not first:
            size, source, data = 0, None, b""
        self.stream.entry(name, mode, uid=uid, gid=gid, mtime=mtime, links=links, inode=number, device=device, size=size or len(data))
        if source is not None:
            self.stream.copy(source, size)
        elif data:
            self.stream.data(data)

    def xattr(self, name, key, value):
        self.xattrs.append((name, key.encode(), value))

    def finish(self, init):
        for name in MOUNT_POINTS:
            if name.encode() not in self.top:
                self.entry(name.encode(), stat.S_IFDIR | (0o1777 if name == "tmp" else 0o755), links=2)
        self.entry(FOLDER.encode(), stat.S_IFDIR | 0o755, links=2)
        self.entry(INIT[1:].encode(), stat.S_IFREG | 0o755, data=init)
        if self.xattrs:
            self.entry(f"{FOLDER}/xattrs".encode(), stat.S_IFREG | 0o644, data=b"".join(
                struct.pack("<HHI", len(name) + 2, len(key) + 1, len(value)) + b"/" + name + b"\0" + key + b"\0" + value
                for name, key, value in self.xattrs))
        self.stream.finish()


def _walk(top):
    """(name, path, status) of everything below, folders before what is in them; names as bytes."""
    pending = [b""]
    top = os.fsencode(top)
    while pending:
        folder = pending.pop()
        with os.scandir(os.path.join(top, folder)) as entries:
            inside = sorted(entries, key=lambda entry: entry.name)
        for entry in inside:
            name = os.path.join(folder, entry.name)
            status = entry.stat(follow_symlinks=False)
            yield name, entry.path, status
            if stat.S_ISDIR(status.st_mode):
                pending.append(name)


def _pack_folder(top, out):
    owner = 0 if os.geteuid() == 0 else os.geteuid()
    for name, path, status in _walk(top):
        mode, kind = status.st_mode, stat.S_IFMT(status.st_mode)
        if kind == stat.S_IFSOCK:
            continue
        # What a user has made for himself is root's in the guest.
        uid, gid = (status.st_uid, status.st_gid) if owner == 0 else (0 if status.st_uid == owner else status.st_uid, 0)
        linked = kind == stat.S_IFREG and status.st_nlink > 1
        common = {"uid": uid, "gid": gid, "mtime": int(status.st_mtime),
                  "links": status.st_nlink, "same": (status.st_dev, status.st_ino) if linked else None}
        if kind == stat.S_IFREG:
            with open(path, "rb") as file:
                out.entry(name, mode, size=status.st_size, source=file, **common)
        elif kind == stat.S_IFLNK:
            out.entry(name, mode, data=os.readlink(path), **common)
        else:
            device = (os.major(status.st_rdev), os.minor(status.st_rdev)) if kind in (stat.S_IFCHR, stat.S_IFBLK) else (0, 0)
            out.entry(name, mode, device=device, **common)
        if kind in (stat.S_IFREG, stat.S_IFDIR):
            for key in os.listxattr(path, follow_symlinks=False):
                out.xattr(name, key, os.getxattr(path, key, follow_symlinks=False))


TAR_KINDS = {tarfile.DIRTYPE: stat.S_IFDIR, tarfile.SYMTYPE: stat.S_IFLNK, tarfile.CHRTYPE: stat.S_IFCHR,
             tarfile.BLKTYPE: stat.S_IFBLK, tarfile.FIFOTYPE: stat.S_IFIFO}


def _clean(name):
    """A member's name as the archive has it; None for the top folder itself."""
    parts = [part for part in os.fsencode(name).split(b"/") if part not in (b"", b".")]
    if b".." in parts:
        raise say.ToolError(f"a name in the tar file leads out of it: {name}", "make the tar file anew, with: tar -C DIR -cf FILE.tar .")
    return b"/".join(parts) or None


def _links(tar):
    """{name: number of names} of files that hard links lead to."""
    count = {}
    for member in tar:
        if member.islnk():
            count[_clean(member.linkname)] = count.get(_clean(member.linkname), 1) + 1
    return count


def _check_end(tar):
    """tarfile takes a cut or damaged file for one that ends there; a whole one has a block of zeros there."""
    tar.fileobj.seek(tar.offset)
    if tar.fileobj.read(512) != bytes(512):
        raise tarfile.ReadError(f"no header and no end at byte {tar.offset}")


def _pack_tar(path, out):
    with tarfile.open(path, "r:*", errors="surrogateescape") as tar:
        count, seen = _links(tar), set()
        _check_end(tar)
        for member in tar:
            name = _clean(member.name)
            if name is None:
                continue
            common = {"uid": member.uid, "gid": member.gid, "mtime": max(int(member.mtime), 0)}
            if member.islnk():
                target = _clean(member.linkname)
                if target not in seen:
                    raise say.ToolError(f"{path}: {member.name} is a hard link to {member.linkname}, which is not before it in the tar file")
                out.entry(name, stat.S_IFREG | member.mode, links=count[target], same=target, **common)
            elif member.isreg():
                same = name if name in count else None
                out.entry(name, stat.S_IFREG | member.mode, size=member.size, source=tar.extractfile(member), links=count.get(name, 1), same=same,
                          **common)
            elif member.type in TAR_KINDS:
                kind = TAR_KINDS[member.type]
                data = os.fsencode(member.linkname) if member.issym() else b""
                device = (member.devmajor, member.devminor) if kind in (stat.S_IFCHR, stat.S_IFBLK) else (0, 0)
                out.entry(name, kind | (0o777 if member.issym() else member.mode), data=data, device=device, **common)
            else:
                raise say.ToolError(f"{path}: {member.name} is of a kind that a root file system cannot have ({member.type!r})")
            seen.add(name)
            for key, value in member.pax_headers.items():
                if key.startswith("SCHILY.xattr."):
                    out.xattr(name, key[13:], value.encode("utf-8", "surrogateescape"))


def _fingerprint(path):
    """What changes when the source does."""
    digest = hashlib.sha256(FORMAT)
    status = path.stat()
    digest.update(f"{path.resolve()} {status.st_dev} {status.st_ino} {status.st_size} {status.st_mtime_ns} {status.st_ctime_ns}".encode())
    if path.is_dir():
        for name, _, s in _walk(path):
            digest.update(name + f"\0{s.st_mode} {s.st_uid} {s.st_gid} {s.st_ino} {s.st_size} {s.st_mtime_ns} {s.st_ctime_ns}\n".encode())
    return digest


def _check(path, text):
    if not path.exists():
        raise say.ToolError(f"there is no root file system {text}", f"make one with: tools/albireo rootfs debian {text}")
    if path.is_dir():
        if not any((path / name).is_dir() or (path / name).is_symlink() for name in ("bin", "sbin", "usr")):
            raise say.ToolError(f"{text} is no root file system: it has none of bin, sbin, usr",
                                "make one with: tools/albireo rootfs debian DIR")


def build(path, text, write_to):
    """Writes the archive; errors tell what is wrong with the source."""
    init = paths.APPS / "init"
    if not init.exists():
        raise say.ToolError("apps/init is not built", "run `tools/albireo build`")
    try:
        out = _Out(write_to)
        (_pack_folder if path.is_dir() else _pack_tar)(path, out)
        out.finish(init.read_bytes())
    except PermissionError as problem:
        raise say.ToolError(f"may not read {os.fsdecode(problem.filename or text)}: {problem.strerror}",
                            "use a tar file (tools/albireo rootfs debian FILE.tar needs no root), or run this as root") from None
    except (tarfile.TarError, EOFError, zlib.error, lzma.LZMAError) as problem:
        raise say.ToolError(f"{text} is no tar file, or it is damaged: {problem}",
                            "make it anew, with: tools/albireo rootfs debian FILE.tar, or: tar -C DIR -cf FILE.tar .") from None
    except cpio.TooLarge as problem:
        raise say.ToolError(f"{text}: {problem}") from None


def archive(text):
    """The path of the archive to boot with this root file system."""
    path = pathlib.Path(text)
    _check(path, text)
    try:
        digest = _fingerprint(path)
    except PermissionError as problem:
        raise say.ToolError(f"may not read {os.fsdecode(problem.filename or text)}: {problem.strerror}",
                            "use a tar file (tools/albireo rootfs debian FILE.tar needs no root), or run this as root") from None
    init = paths.APPS / "init"
    digest.update(hashlib.sha256(init.read_bytes() if init.exists() else b"").digest())
    kept = paths.cache("rootfs", digest.hexdigest()[:24] + ".cpio")
    if kept.exists():
        kept.touch()
        return kept
    say.progress(f"packing {text}")
    temporary = kept.with_name(f"{kept.stem}.{os.getpid()}.tmp")
    try:
        with open(temporary, "wb", buffering=1 << 20) as file:
            build(path, text, file)
        temporary.replace(kept)
    except OSError as problem:
        raise say.ToolError(f"cannot pack {text}: {problem.strerror or problem}", f"the archive is written to {kept.parent}") from None
    finally:
        temporary.unlink(missing_ok=True)
    for old in sorted(kept.parent.glob("*.cpio"), key=lambda p: p.stat().st_mtime)[:-KEEP]:
        old.unlink(missing_ok=True)
    return kept


def with_programs(root, files):
    """A copy of an archive with more in it: {name in the guest: (content, mode)}. The caller removes it."""
    extra = cpio.Archive()
    for name, (data, mode) in files.items():
        extra.file(name, data, mode)
    file = tempfile.NamedTemporaryFile(dir=paths.cache("rootfs", "x").parent, suffix=".cpio.tmp", delete=False)
    with file, open(root, "rb") as source:
        while os.copy_file_range(source.fileno(), file.fileno(), 1 << 30):
            pass
        file.seek(0, os.SEEK_END)
        file.write(extra.finish())
    return pathlib.Path(file.name)


def memory_for(image):
    """MiB with which such an archive can be unpacked (it may fill half of memory) and used."""
    size = os.path.getsize(image) >> 20
    return max(256, (2 * size + 256 + 63) // 64 * 64)
