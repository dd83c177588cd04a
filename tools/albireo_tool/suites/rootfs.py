# SPDX-License-Identifier: MPL-2.0
"""`run --rootfs` as a user meets it, with a small root made here, and what is said about roots that are none."""
import contextlib
import gzip
import io
import os
import pathlib
import tarfile
import tempfile

from .. import initramfs, machine
from .command import Command, expect_error, expect_status

PASSWD = "root:x:0:0:root:/root:/bin/sh\nmary:x:1234:1300:Mary:/home/mary:/bin/sh\n"
GROUP = "root:x:0:\nmary:x:1300:\nclub:x:1400:mary\n"


def members():
    """(member, data) of a root with BusyBox."""
    def member(name, kind=tarfile.REGTYPE, mode=0o644, data=b"", **more):
        info = tarfile.TarInfo(name)
        info.type, info.mode, info.size, info.mtime = kind, mode, len(data), 1234567890
        for key, value in more.items():
            setattr(info, key, value)
        return info, data

    folder = tarfile.DIRTYPE
    yield member("./", folder, 0o755)
    for name in ("bin", "etc", "root", "home", "sub"):
        yield member(f"./{name}", folder, 0o755)
    yield member("./home/mary", folder, 0o700, uid=1234, gid=1300)
    yield member("./bin/busybox", mode=0o755, data=initramfs.find_busybox()[1])
    for name in ("sh", "cat", "ls", "stat", "id", "env", "pwd", "mount", "test"):
        yield member(f"./bin/{name}", tarfile.SYMTYPE, linkname="busybox")
    yield member("./etc/passwd", data=PASSWD.encode())
    yield member("./etc/group", data=GROUP.encode())
    yield member("./sub/setid", mode=0o6755, data=b"x", uid=1234, gid=1400)
    yield member("./sub/hard", tarfile.LNKTYPE, linkname="./sub/setid", mode=0o6755, uid=1234, gid=1400)
    yield member("./sub/caf\u00e9 x", data=b"name\n")
    yield member("./sub/fifo", tarfile.FIFOTYPE, 0o600)
    yield member("./sub/" + "n" * 200, data=b"long\n")


def root_tar():
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for info, content in members():
            tar.addfile(info, io.BytesIO(content))
    return data.getvalue()


@contextlib.contextmanager
def file_with(data, suffix=".tar"):
    with tempfile.NamedTemporaryFile(suffix=suffix) as file:
        file.write(data)
        file.flush()
        yield file.name


class Run(Command):
    def __init__(self, target):
        self.target = target
        self.name = f"rootfs/{target}"
        self.about = f"`run --rootfs` on the {target} target"
        self.build = ("apps/init", "albireo-host" if target == "host" else "albireo-kernel.elf")
        self.start = ("-q", "run", "--no-build", "--target", target)

    def tests(self, full):
        machine.binary(self.target)
        return super().tests(full)

    def expect(self, output, script, *options, status=0):
        with file_with(root_tar()) as name:
            expect_status(status, *self.start, "--rootfs", name, *options, "--", "/bin/sh", "-c", script, output=output)

    def test_what_the_tar_file_says_is_there(self):
        self.expect("6755 1234 1400 2 1234567890\nsame\nname\n600 fifo\nlong\n755 0\n",
                    "stat -c '%a %u %g %h %Y' /sub/setid; [ /sub/setid -ef /sub/hard ] && echo same; cat '/sub/caf\u00e9 x';"
                    " stat -c '%a %F' /sub/fifo; cat /sub/nnnnn*; stat -c '%a %u' /")

    def test_folder_as_root(self):
        with tempfile.TemporaryDirectory() as folder:
            with tarfile.open(fileobj=io.BytesIO(root_tar())) as tar:
                tar.extractall(folder)
            expect_status(0, *self.start, "--rootfs", folder, "--", "/bin/sh", "-c", "cat /sub/nnn*; stat -c '%a %h' /sub/setid",
                          output="long\n6755 2\n")
            pathlib.Path(folder, "sub", "added").write_text("seen\n")
            expect_status(0, *self.start, "--rootfs", folder, "--", "/bin/cat", "/sub/added", output="seen\n")

    def test_file_systems_are_mounted(self):
        self.expect("dev\ndev/pts\ndev/shm\nproc\nrun\ntmp\n", "cd /; for i in dev dev/pts dev/shm proc run tmp; do"
                    " grep -q \" /$i \" /proc/mounts && echo $i; done; test ! -e /.albireo")

    def test_status(self):
        self.expect("", "exit 33", status=33)
        self.expect("", "kill -9 $$", status=137)

    def test_environment_and_folder(self):
        self.expect("/sub\na b=\"c\"\n\n", "pwd; echo \"$X\"; echo \"$Y\"", "--env", "X=a b=\"c\"", "--env", "Y=", "--workdir", "/sub")

    def test_user(self):
        ids = "id -u; id -g; id -G; echo $HOME $USER; pwd"
        self.expect("1234\n1300\n1300 1400\n/home/mary mary\n/home/mary\n", ids, "--user", "mary")
        self.expect("1234\n1400\n1400\n/home/mary mary\n/sub\n", ids, "--user", "mary:club", "--workdir", "/sub")
        self.expect("77\n88\n88\n/\n/\n", ids, "--user", "77:88")

    def test_user_and_folder_that_are_not_there(self):
        for options, word in ((("--user", "nobody-here"), "nobody-here"), (("--workdir", "/nowhere"), "/nowhere")):
            with file_with(root_tar()) as name:
                expect_error(word, arguments=(*self.start, "--rootfs", name, *options, "--", "/bin/true"))

    def test_program_that_is_not_there(self):
        with file_with(root_tar()) as name:
            expect_error("/bin/nothing", arguments=(*self.start, "--rootfs", name, "--", "/bin/nothing"))

    def test_compressed_tar_file(self):
        with file_with(gzip.compress(root_tar(), 1), ".tar.gz") as name:
            expect_status(0, *self.start, "--rootfs", name, "--", "/bin/cat", "/sub/caf\u00e9 x", output="name\n")


class Errors(Command):
    name = "rootfs/errors"
    about = "roots that are none, and places where none can be made"
    build = ("apps/init", "albireo-host")
    start = ("run", "--no-build", "--rootfs")

    def test_missing(self):
        expect_error("/no/such.tar", "rootfs debian", arguments=(*self.start, "/no/such.tar", "--", "true"))

    def test_no_tar_file(self):
        for data in (b"", b"hello" * 1000, b"\x1f\x8b" + b"x" * 600, os.urandom(4096)):
            with file_with(data) as name:
                expect_error(name, "tar", arguments=(*self.start, name, "--", "true"))

    def test_cut_tar_file(self):
        data = root_tar()
        for length in (700, 5000, len(data) // 2):
            with file_with(data[:length]) as name:
                expect_error(name, "damaged", arguments=(*self.start, name, "--", "true"))
        with file_with(gzip.compress(data, 1)[:-1000], ".tar.gz") as name:
            expect_error(name, "damaged", arguments=(*self.start, name, "--", "true"))

    def test_damaged_header(self):
        data = bytearray(root_tar())
        at = data.index(b"./etc/passwd")
        data[at + 100:at + 108] = b"garbage!"
        with file_with(bytes(data)) as name:
            expect_error(name, "damaged", arguments=(*self.start, name, "--", "true"))

    def test_names_that_lead_out(self):
        data = io.BytesIO()
        with tarfile.open(fileobj=data, mode="w") as tar:
            tar.addfile(tarfile.TarInfo("./bin/../../passwd"))
        with file_with(data.getvalue()) as name:
            expect_error("./bin/../../passwd", "leads out", arguments=(*self.start, name, "--", "true"))

    def test_folder_that_is_no_root(self):
        with tempfile.TemporaryDirectory() as folder:
            expect_error(folder, "bin", arguments=(*self.start, folder, "--", "true"))

    def test_options_that_do_not_go_together(self):
        expect_error("--initramfs", arguments=(*self.start, "/x.tar", "--initramfs", "/y", "--", "true"))
        expect_error("--init", arguments=("run", "--no-build", "--init", "/bin/sh", "--env", "A=b", "--", "true"))
        expect_error("--workdir", "absolute", arguments=("run", "--no-build", "--workdir", "x", "--", "true"))
        expect_error("novalue", "NAME=VALUE", arguments=("run", "--no-build", "--env", "novalue", "--", "true"))

    def test_too_little_memory(self):
        info = tarfile.TarInfo("./big")
        info.size = 300 << 20
        data = io.BytesIO()
        with tarfile.open(fileobj=data, mode="w") as tar:
            tar.addfile(info, open("/dev/zero", "rb"))
        with file_with(data.getvalue()) as name:
            expect_error("128M", "--memory", arguments=(*self.start, name, "--memory", "128M", "--", "true"))

    def test_places_where_none_can_be_made(self):
        expect_error("/no/such", arguments=("rootfs", "debian", "/no/such/root"))
        expect_error("tar.gz", arguments=("rootfs", "debian", "/tmp/root.tar.gz"))
        expect_error("name!", arguments=("rootfs", "debian", "/tmp/albireo-none.tar", "--include", "gcc,bad name!"))
        expect_error("fedora", arguments=("rootfs", "fedora", "/tmp/x.tar"))
        with file_with(b"x") as name:
            expect_error(name, "there already", arguments=("rootfs", "debian", name))
        with tempfile.TemporaryDirectory() as folder:
            pathlib.Path(folder, "x").touch()
            expect_error(folder, "not empty", arguments=("rootfs", "debian", folder))


def suites():
    return [Run("host"), Run("kernel"), Errors()]
