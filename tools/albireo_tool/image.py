# SPDX-License-Identifier: MPL-2.0
"""`image`: writes guest images. So far the kernel's ELF for PVH loaders, and the initramfs that goes with it."""
import os
import shutil
import subprocess

from . import build, initramfs, packages, paths, say


def _write(source, output, stripped):
    """Copies it; `stripped`: without debug information, which debuggers find in the build folder. Names for backtraces stay."""
    if not stripped:
        shutil.copyfile(source, output)
        return
    result = subprocess.run(["llvm-strip-19", "--strip-all", "-o", output, source], capture_output=True, text=True)
    if result.returncode != 0:
        raise OSError(0, result.stderr.strip())


def image(options):
    folder = os.path.dirname(os.path.abspath(options.output))
    if not os.path.isdir(folder):
        raise say.ToolError(f"cannot write {options.output}: there is no folder {folder}", "make it, or name another file after -o")
    if options.format == "elf":
        packages.ensure("build")
        build.shipped([paths.KERNEL.name])
        source = build.SHIPPED / paths.KERNEL.name
    else:
        build.everything(["apps/init", "apps/conf-runner"])
        source = initramfs.base().write()
    try:
        _write(source, options.output, stripped=options.format == "elf")
    except OSError as problem:
        raise say.ToolError(f"cannot write {options.output}: {problem.strerror}") from None
    say.progress(f"wrote {options.output}")
    if options.format == "elf":
        say.progress(f"boot it with: qemu-system-x86_64 -M q35 -kernel {options.output} -initrd INITRAMFS -serial stdio")
    return 0
