# SPDX-License-Identifier: MPL-2.0
"""Writes cpio archives in the "newc" form that kernels take as an initramfs. The same entries give the same bytes."""
import shutil
import stat


class TooLarge(Exception):
    """Something that the format has no room for."""


class Stream:
    """Writes entries to a file as they come: for large archives. Names are bytes; the caller orders entries."""

    def __init__(self, file):
        self._file = file
        self._inode = 0
        self._pad = 0

    def new_inode(self):
        self._inode += 1
        return self._inode

    def entry(self, name, mode, *, size=0, uid=0, gid=0, mtime=0, links=1, inode=None, device=(0, 0)):
        """data() or copy() of `size` bytes follows, when there are any."""
        if size > 0xffffffff:
            raise TooLarge(f"{name.decode(errors='replace')} is larger than 4 GiB")
        name += b"\0"
        fields = (inode or self.new_inode(), mode, uid, gid, links, mtime & 0xffffffff, size, 0, 0, *device, len(name), 0)
        header = b"070701" + b"%08X" * 13 % fields + name
        self._file.write(header + b"\0" * (-len(header) % 4))
        self._pad = -size % 4

    def data(self, data):
        self._file.write(data + b"\0" * self._pad)

    def copy(self, source, size):
        """From a file object; what it lacks becomes zeros, so that the archive stays whole while a file shrinks."""
        start = self._file.tell()
        if size > 1 << 20:
            shutil.copyfileobj(source, self._file, 1 << 20)
        else:
            self._file.write(source.read(size))
        done = self._file.tell() - start
        if done > size:
            self._file.seek(start + size)
            self._file.truncate()
        self._file.write(b"\0" * (max(size - done, 0) + self._pad))

    def finish(self):
        self.entry(b"TRAILER!!!", 0)
        self._file.write(b"\0" * (-self._file.tell() % 512))


class Archive:
    """Entries in the order they were added; the folders above an entry are added by themselves."""

    def __init__(self):
        self._parts = []
        self._inode = 0
        self._size = 0
        self._seen = set()

    def _put(self, data):
        self._parts.append(data)
        self._size += len(data)
        pad = -self._size % 4
        if pad:
            self._parts.append(b"\0" * pad)
            self._size += pad

    def _entry(self, name, mode, data=b"", links=1, device=(0, 0)):
        self._inode += 1
        encoded = name.encode() + b"\0"
        fields = (self._inode, mode, 0, 0, links, 0, len(data), 0, 0, *device, len(encoded), 0)
        self._put(b"070701" + b"".join(b"%08X" % field for field in fields) + encoded)
        if data:
            self._put(data)

    def _parents(self, name):
        folder = name.rpartition("/")[0]
        if folder and folder not in self._seen:
            self.folder(folder)

    def _new(self, name):
        name = name.strip("/")
        if name in self._seen:
            raise ValueError(f"{name} is in the archive already")
        self._parents(name)
        self._seen.add(name)
        return name

    def __contains__(self, name):
        return name.strip("/") in self._seen

    def folder(self, name, mode=0o755):
        self._entry(self._new(name), stat.S_IFDIR | mode, links=2)

    def file(self, name, data, mode=0o644):
        self._entry(self._new(name), stat.S_IFREG | mode, data)

    def link(self, name, target):
        self._entry(self._new(name), stat.S_IFLNK | 0o777, target.encode())

    def character_device(self, name, major, minor, mode=0o600):
        self._entry(self._new(name), stat.S_IFCHR | mode, device=(major, minor))

    def finish(self):
        """The archive as bytes, padded to the 512 bytes a reader expects."""
        self._entry("TRAILER!!!", 0)
        data = b"".join(self._parts)
        return data + b"\0" * (-len(data) % 512)


def check(data):
    """Why these bytes are not an initramfs we can boot, or None. Compressed ones are left to the kernel to judge."""
    if not data:
        return "it is empty"
    for magic in (b"\x1f\x8b", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd", b"BZh", b"\x04\x22\x4d\x18"):
        if data.startswith(magic):
            return "it is compressed; Albireo takes an uncompressed cpio archive"
    if data[:6] not in (b"070701", b"070702"):
        return "it is not a cpio archive of the newc form"
    at = 0
    while True:
        header = data[at:at + 110]
        if len(header) < 110 or header[:6] not in (b"070701", b"070702"):
            return f"it is damaged or cut off at byte {at}"
        try:
            size, name_size = int(header[54:62], 16), int(header[94:102], 16)
        except ValueError:
            return f"it is damaged at byte {at}"
        name = data[at + 110:at + 110 + name_size]
        at += (110 + name_size + 3) & ~3
        if name == b"TRAILER!!!\0":
            return None
        at += (size + 3) & ~3
