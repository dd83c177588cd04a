# SPDX-License-Identifier: MPL-2.0
"""Runs the scripts of test/programs in Debian roots, on Linux and on Albireo, by apps/runner.

A folder of test/programs is a root: its file `packages` says what is in it beside Debian's required packages, the scripts run in
it, all in one boot. Roots are kept in the build directory until their list changes, as is what a script did on Linux.
"""
import contextlib
import dataclasses
import hashlib
import json
import threading

from . import conformance, linux_kernel, paths, rootfs, rootfs_archive

FOLDER = paths.ROOT / "test" / "programs"
RUNNER = "/usr/local/bin/conf-runner"
SECONDS = {"small": 100, "full": 250}
BOOT_SECONDS = 180
_locks = {}
_locks_lock = threading.Lock()


def _lock(key):
    with _locks_lock:
        return _locks.setdefault(key, threading.Lock())


def scripts(root):
    """{root/name: Program}."""
    return {f"{root}/{path.stem}": conformance.Program(f"{root}/{path.stem}", path, path) for path in sorted((FOLDER / root).glob("*.sh"))}


def packages(root):
    path = FOLDER / root / "packages"
    return [word for line in path.read_text().splitlines() for word in line.split("#")[0].split()]


def root_tar(root):
    """The tar file of a root, made when it is not there; an error when it cannot be made."""
    wanted = packages(root)
    key = hashlib.sha256(repr((rootfs.SUITE, sorted(wanted))).encode()).hexdigest()[:16]
    path = paths.cache("roots", f"{root}-{key}.tar")
    with _lock(path):
        if not path.exists():
            for old in path.parent.glob(f"{root}-*.tar"):
                old.unlink()
            rootfs.debian(str(path), wanted)
    return path


def _digest(path):
    """A hash of a large file, kept beside it."""
    status = path.stat()
    kept = path.with_suffix(".json")
    try:
        have = json.loads(kept.read_text())
        if have["of"] == [status.st_size, status.st_mtime_ns]:
            return have["digest"]
    except (OSError, ValueError, KeyError):
        pass
    with open(path, "rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    kept.write_text(json.dumps({"of": [status.st_size, status.st_mtime_ns], "digest": digest}))
    return digest


def _files(chosen):
    files = {RUNNER: ((paths.APPS / "conf-runner").read_bytes(), 0o755)}
    for program in chosen:
        files[_guest(program)] = (program.source.read_bytes(), 0o755)
    files["/conf/list"] = ("".join(_guest(program) + "\n" for program in chosen).encode(), 0o644)
    return files


def _guest(program):
    return f"/conf/{program.name}.sh"


@contextlib.contextmanager
def _image(root, chosen):
    with _lock("pack " + root):
        archive = rootfs_archive.archive(root_tar(root))
    path = rootfs_archive.with_programs(archive, _files(chosen))
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


def _configured(config, image):
    # Linux gives files half of the memory that the archive leaves.
    word = "rdinit" if config.target == "linux" else "init"
    return dataclasses.replace(config, append=(*config.append, f"{word}={rootfs_archive.INIT}"),
                               memory=f"{rootfs_archive.memory_for(image) + (image.stat().st_size >> 20) + 256}M")


def run(root, chosen, config, progress=None):
    """{name: Outcome} of scripts of one root on one machine."""
    if not chosen:
        return {}
    with _image(root, chosen) as image:
        return conformance.run(chosen, _configured(config, image), progress, seconds=SECONDS[root], make_image=lambda _: image,
                               boot_seconds=BOOT_SECONDS)


def reference(root, chosen, config, progress=None):
    """{name: Outcome} on Linux, from the cache where nothing that matters has changed."""
    release = linux_kernel.find()[1]
    common = [_digest(root_tar(root)), release, str(config.smp), *(hashlib.sha256((paths.APPS / name).read_bytes()).hexdigest()
                                                                for name in ("conf-runner", "init"))]

    def kept(program):
        key = hashlib.sha256("\0".join([*common, program.name]).encode() + program.source.read_bytes()).hexdigest()
        return paths.cache("linux-outcomes", key)

    outcomes = {}
    with _lock("reference " + root):
        for program in chosen:
            try:
                outcomes[program.name] = conformance.Outcome(**json.loads(kept(program).read_text()))
            except (OSError, ValueError, TypeError):
                pass
        missing = [program for program in chosen if program.name not in outcomes]
        if missing and progress:
            progress(f"Linux {release}: running {len(missing)} scripts of test/programs")
        for name, outcome in run(root, missing, dataclasses.replace(config, target="linux"), progress).items():
            outcomes[name] = outcome
            if outcome.how not in ("machine", "timeout"):  # a loaded computer is no reason to keep it
                kept(next(program for program in missing if program.name == name)).write_text(json.dumps(dataclasses.asdict(outcome)))
    return outcomes
