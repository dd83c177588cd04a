# SPDX-License-Identifier: MPL-2.0
"""Mounts of services/fs, as paths."""
from . import processes, values

FLAGS = (("read_only", "ro"), ("no_suid", "nosuid"), ("no_dev", "nodev"), ("no_exec", "noexec"), ("no_atime", "noatime"))


def _names(dentry):
    return values.locked(dentry["names_"])


def path_in_mount(dentry):
    """Components from the root of its file system to a dentry."""
    parts = []
    for _ in range(256):
        parent = values.optional_reference(_names(dentry)["parent"])
        if parent is None:
            return parts[::-1]
        parts.append(values.string(_names(dentry)["name"]))
        dentry = parent
    raise values.Unreadable("a path does not end: the dentries are damaged")


def mount_point(mount):
    parts = []
    for _ in range(64):
        at = values.option(values.locked(mount["where_"])["at"])
        if at is None:
            return "/" + "/".join(parts)
        parts = path_in_mount(values.reference(at["dentry"], "a mount point")) + parts
        mount = values.reference(at["mount"], "a parent mount")
    raise values.Unreadable("mounts are nested without an end: they are damaged")


def list_mounts(arguments):
    if arguments:
        raise values.Unreadable("`albireo mounts` takes no arguments")
    space = values.reference(processes.system()["p_"]["mounts"], "the mount namespace")
    print(f"{'ID':>4}  {'PLACE':20}  {'SOURCE':12}  {'FILE SYSTEM':24}  FLAGS")
    for number, held in values.tree_map(values.locked(space["state_"])["by_id"]):
        mount = values.reference(held, "a mount")
        flags = values.locked(mount["where_"])["flags"]
        kind = values.dynamic_name(values.reference(mount["fs_"], "a file system")) or "?"
        words = [word for field, word in FLAGS if bool(flags[field])]
        print(f"{values.number(number):>4}  {mount_point(mount):20}  {values.string(mount['source_']):12}  "
              f"{kind:24}  {','.join(words) or 'rw'}")
