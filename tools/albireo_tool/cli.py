# SPDX-License-Identifier: MPL-2.0
"""The command line: subcommands, their options and help, and how errors reach the user."""
import argparse
import os
import re
import sys

from . import say

EPILOG = """\
examples:
  tools/albireo run                          a shell on the OS, as a Linux process
  tools/albireo run --target kernel          the same in QEMU (leave it with `exit`, or Ctrl-A x to switch QEMU off)
  tools/albireo run -- ls -l /               run one command, exit with its status
  tools/albireo rootfs debian FILE.tar --include python3
  tools/albireo run --rootfs FILE.tar -- python3 -c 'print(1)'
  tools/albireo test                         all quick tests, on both targets
  tools/albireo test 'conformance/*/signals/*'
"""


class Parser(argparse.ArgumentParser):
    def error(self, message):
        raise say.ToolError(message[0].lower() + message[1:], f"see `{self.prog} --help`")


def memory(text):
    """Megabytes or with a suffix: 512, 512M, 4G."""
    if not re.fullmatch(r"[1-9][0-9]*[MG]?", text):
        raise argparse.ArgumentTypeError(f"{text!r} is no amount of memory; write it as 256M or 2G")
    return text if text[-1] in "MG" else text + "M"


def variable(text):
    if not re.fullmatch(r"[^=\0]+=[^\0]*", text):
        raise argparse.ArgumentTypeError(f"{text!r} is no variable; write it as NAME=VALUE")
    return text


def cpus(text):
    if not re.fullmatch(r"[0-9]+", text) or not 1 <= int(text) <= 8:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of CPUs; write 1 to 8")
    return int(text)


def _machine_options(parser):
    parser.add_argument("--target", choices=("host", "kernel"), default="host",
                        help="host: the OS as one Linux process (default); kernel: the OS in QEMU")
    parser.add_argument("--smp", type=cpus, default=2, metavar="N", help="number of CPUs, 1 to 8 (default 2)")
    parser.add_argument("--memory", type=memory, metavar="M", help="memory, such as 64M or 4G (default 256M; with --rootfs what it needs)")
    parser.add_argument("--rootfs", metavar="DIR|FILE.tar", help="the root file system instead of BusyBox (see `rootfs`)")
    parser.add_argument("--env", action="append", default=[], type=variable, metavar="NAME=VALUE",
                        help="a variable of the command's environment (can be given again)")
    parser.add_argument("--workdir", metavar="PATH", help="the folder the command starts in (default /, or the user's home)")
    parser.add_argument("--user", metavar="USER[:GROUP]", help="who runs the command: names or numbers in the guest (default root)")
    parser.add_argument("--append", default="", metavar="WORDS", help="more words for the kernel command line")
    parser.add_argument("--initramfs", metavar="FILE", help="an uncompressed cpio archive (default: built with BusyBox)")
    parser.add_argument("--init", metavar="PATH", help="the first process instead of /init; gets the command as its arguments")
    parser.add_argument("--strace", action="store_true", help="print every system call, in strace's format")
    parser.add_argument("--machine", choices=("microvm", "q35", "pc"), default="microvm",
                        help="kernel target: QEMU's machine type (default microvm, the fastest start)")
    parser.add_argument("--console", choices=("virtio", "serial"), default="serial",
                        help="kernel target: the console is a virtio device or the serial port (default)")
    parser.add_argument("--accel", choices=("auto", "kvm", "tcg"), default="auto",
                        help="kernel target: auto uses KVM where it works (default)")
    parser.add_argument("--isolated", action="store_true",
                        help="host target: guard against hostile programs too, not only against accidents (slower)")
    parser.add_argument("--no-build", action="store_true", help="use what is built already")
    parser.add_argument("command", nargs="*", metavar="-- CMD ARGS",
                        help="run this command instead of a shell and exit with its status")


def parser():
    top = Parser(prog="tools/albireo", description="Builds, runs, debugs and tests Albireo.", epilog=EPILOG,
                 formatter_class=argparse.RawDescriptionHelpFormatter)
    top.add_argument("-q", "--quiet", action="store_true", help="no progress messages")
    commands = top.add_subparsers(dest="subcommand", metavar="SUBCOMMAND", required=True, parser_class=Parser)

    run = commands.add_parser("run", help="boot to a shell, or run one command")
    _machine_options(run)
    debug = commands.add_parser("debug", help="the same under gdb, with commands for the OS's own objects")
    _machine_options(debug)
    debug.add_argument("--batch", metavar="FILE", help="run this gdb script and end")

    test = commands.add_parser("test", help="run the tests")
    test.add_argument("glob", nargs="*", metavar="GLOB", help="only tests whose name (suite/...) matches, such as 'unit/*'")
    test.add_argument("--full", action="store_true", help="the long ones too: full boot matrix, long fuzzing")
    test.add_argument("--list", action="store_true", help="print the names and run nothing")
    test.add_argument("--no-build", action="store_true", help="test what is built already")
    test.add_argument("-v", "--verbose", action="store_true", help="a line for every test, not only for failures")

    bench = commands.add_parser("bench", help="measure against Linux in the same QEMU, native Linux and User-Mode Linux")
    bench.add_argument("parts", nargs="*", metavar="PART",
                       help="of: kernel instructions host pinned isolated scaling locks memory boot size times hardening plugin "
                            "(default: all but the last three)")
    bench.add_argument("--rounds", type=int, default=3, metavar="N", help="how often each system has its turn (default 3)")
    bench.add_argument("-o", "--output", metavar="FILE", help="also write the tables to this file")
    bench.add_argument("--only", default="", metavar="NAMES", help="comma-separated operations")
    bench.add_argument("--smp", type=cpus, default=2, metavar="N", help="CPUs of the machines (default 2)")
    bench.add_argument("--memory", type=memory, default="256M", metavar="M", help="memory of the machines (default 256M)")
    bench.add_argument("--machine", choices=("q35", "pc", "microvm"), default="q35", help="QEMU's machine (default q35)")
    bench.add_argument("--accel", choices=("auto", "kvm", "tcg"), default="tcg", help="QEMU's accelerator (default tcg)")
    bench.add_argument("--no-build", action="store_true", help="measure what is built already")

    image = commands.add_parser("image", help="write a guest image")
    image.add_argument("--format", choices=("elf", "initramfs"), default="elf",
                       help="elf: the kernel for PVH loaders (default); initramfs: the BusyBox root")
    image.add_argument("-o", "--output", required=True, metavar="FILE", help="where to write it")

    rootfs = commands.add_parser("rootfs", help="make a Debian 12 root file system for `run --rootfs`")
    rootfs.add_argument("system", choices=("debian",), help="what to make: Debian 12")
    rootfs.add_argument("destination", metavar="DIR|FILE.tar", help="where: a folder (as root), or a tar file (as anybody)")
    rootfs.add_argument("--include", default="", metavar="PKG,PKG", help="packages beside those that Debian calls required, and apt")

    build = commands.add_parser("build", help="build everything")
    build.add_argument("targets", nargs="*", metavar="TARGET", help="ninja targets (default: all)")

    setup = commands.add_parser("setup", help="install the Debian packages that are missing")
    setup.add_argument("--dry-run", action="store_true", help="only list them")
    return top


def _dispatch(options):
    # Imported on use: `run` must not wait for what only `test` needs.
    if options.subcommand == "setup":
        from . import packages
        names = packages.missing(*packages.PURPOSE)
        if options.dry_run or not names:
            print("\n".join(names) if names else "nothing is missing")
            return 0
        packages.install(names)
        return 0
    if options.subcommand == "build":
        from . import build
        build.everything(options.targets)
        return 0
    if options.subcommand == "run":
        from . import run
        return run.run(options)
    if options.subcommand == "debug":
        from . import debug
        return debug.debug(options)
    if options.subcommand == "test":
        from . import testing
        return testing.test(options)
    if options.subcommand == "rootfs":
        from . import rootfs
        return rootfs.rootfs(options)
    if options.subcommand == "bench":
        from . import bench
        return bench.bench(options)
    from . import image
    return image.image(options)


def main(arguments):
    try:
        # Everything behind -- is the guest's command, whatever it looks like.
        command = []
        if "--" in arguments:
            at = arguments.index("--")
            arguments, command = arguments[:at], arguments[at + 1:]
        options = parser().parse_args(arguments)
        if options.subcommand in ("run", "debug"):
            if options.command:
                raise say.ToolError(f"unexpected argument {options.command[0]!r}",
                                    "write -- before a command to run: tools/albireo run -- CMD ARGS")
            options.command = command
        elif command:
            raise say.ToolError(f"`{options.subcommand}` takes no command after --")
        say.quiet = options.quiet
        return _dispatch(options)
    except say.ToolError as problem:
        say.error(problem)
        return problem.status
    except KeyboardInterrupt:
        say.error("interrupted")
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
