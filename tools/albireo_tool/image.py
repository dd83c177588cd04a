# SPDX-License-Identifier: MPL-2.0
"""`image`: writes guest images. So far the kernel's ELF for PVH loaders, and the initramfs that goes with it."""
import shutil

from . import build, initramfs, machine, say


def image(options):
    build.everything()
    source = machine.binary("kernel") if options.format == "elf" else initramfs.base().write()
    try:
        shutil.copyfile(source, options.output)
    except OSError as problem:
        raise say.ToolError(f"cannot write {options.output}: {problem.strerror}") from None
    say.progress(f"wrote {options.output}")
    if options.format == "elf":
        say.progress(f"boot it with: qemu-system-x86_64 -M q35 -kernel {options.output} -initrd INITRAMFS -serial stdio")
    return 0
