# SPDX-License-Identifier: MPL-2.0
"""`rootfs`: makes a Debian root file system with mmdebstrap, as a directory or a tar file; no root needed for a tar file.

Packages come from where apt on this computer gets Debian 12, or from Debian's own servers when it knows none.
"""
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

from . import packages, say

SUITE = "bookworm"
KEYRING = pathlib.Path("/usr/share/keyrings/debian-archive-keyring.gpg")
# Settings of this computer's apt without which it may not reach its servers or not believe them.
APT_OPTIONS = re.compile(r'^Acquire::(https?::|Check-Valid-Until |Check-Date |ForceIPv[46] |Retries )')


def _one_line_entries(text):
    for line in text.splitlines():
        line = line.split("#")[0].strip()
        match = re.match(r"deb\s+(\[[^]]*\]\s+)?(\S+)\s+(\S+)\s+(.+)$", line)
        if match:
            yield match.group(1) or "", match.group(2), [match.group(3)], match.group(4).split()


def _stanza_entries(text):
    for stanza in re.split(r"\n\s*\n", text):
        lines = [line for line in stanza.splitlines() if not line.startswith("#")]
        fields = {}
        for line in lines:
            if line[:1].isspace() and fields:
                fields[name] += " " + line.strip()
            elif ":" in line:
                name, _, value = line.partition(":")
                name = name.strip().lower()
                fields[name] = value.strip()
        if "deb" not in fields.get("types", "").split() or fields.get("enabled", "yes").lower() == "no":
            continue
        key = fields.get("signed-by", "")
        option = f"[signed-by={key}] " if key.startswith("/") and " " not in key else ""
        for uri in fields.get("uris", "").split():
            yield option, uri, fields.get("suites", "").split(), fields.get("components", "").split()


def sources(folder="/etc/apt"):
    """apt's lines for Debian 12 on this computer; empty when it has none."""
    folder = pathlib.Path(folder)
    found = []
    for path in [folder / "sources.list", *sorted((folder / "sources.list.d").glob("*"))]:
        if path.suffix not in (".list", ".sources") or not path.is_file():
            continue
        try:
            text = path.read_text(errors="replace")
        except OSError:
            continue
        entries = _stanza_entries(text) if path.suffix == ".sources" else _one_line_entries(text)
        for option, uri, suites, components in entries:
            for suite in suites:
                if suite == SUITE or suite.startswith(SUITE + "-"):
                    found.append(f"deb {option}{uri} {suite} {' '.join(components)}")
    # Without the suite itself, the others (security, a vendor's) are no Debian.
    return found if any(f" {SUITE} main" in line for line in found) else []


def _apt_options():
    result = subprocess.run(["apt-config", "dump"], capture_output=True, text=True)
    options = [line for line in result.stdout.splitlines() if APT_OPTIONS.match(line) and not line.endswith('"";')]
    return [f"--aptopt={line}" for line in options if "User-Agent" not in line]


def _hint(text):
    """What to do about mmdebstrap's failure."""
    match = re.search(r"E: Unable to locate package (\S+)", text)
    if match:
        return f"Debian 12 has no package {match.group(1)}: correct --include"
    if re.search(r"subuid|newuidmap|unshare|cannot.*mode", text):
        return ("without root it needs user namespaces (package uidmap, lines for you in /etc/subuid and /etc/subgid), "
                "or run it as root")
    if re.search(r"Could not resolve|Failed to fetch|Connection (failed|timed out)|Unable to connect", text):
        return "check the network, and that `apt-get update` works on this computer"
    if re.search(r"No space left", text):
        return "make room in the temporary folder (TMPDIR names another) and at the destination"
    if re.search(r"GPG error|not signed|NO_PUBKEY", text):
        return "install the package debian-archive-keyring in a newer version"
    return "its last lines above say why"


def _run(command):
    """mmdebstrap with its progress on our lines. Returns (status, all it said)."""
    said = []
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                          errors="replace", env={**os.environ, "LC_ALL": "C", "DEBIAN_FRONTEND": "noninteractive"}) as process:
        for line in process.stderr:
            said.append(line)
            if line.startswith("I: ") and not re.match(r"I: (success|removing|using|chroot arch|finding|done)", line):
                say.progress(line[3:].strip().rstrip("."))
        return process.wait(), "".join(said)


def check_destination(text):
    """(path, whether it is a tar file); an error when something is there already."""
    path = pathlib.Path(text).absolute()
    tar = path.name.endswith(".tar")
    if not path.parent.is_dir():
        raise say.ToolError(f"cannot make {text}: there is no folder {path.parent}", "make it, or name another place")
    if re.search(r"\.(tar\.\w+|tgz|txz|cpio|img|qcow2|squashfs)$", path.name):
        raise say.ToolError(f"cannot make {text}: it is written as a folder or as FILE.tar", "name it DIR or FILE.tar")
    if path.is_dir() and not tar:
        if any(path.iterdir()):
            raise say.ToolError(f"{text} is there and not empty", "remove it first, or name another folder")
    elif path.exists() or path.is_symlink():
        raise say.ToolError(f"{text} is there already", "remove it first, or name another file")
    return path, tar


def debian(destination, include=(), variant="minbase"):
    """Makes it; nothing is left at the destination when it fails."""
    path, tar = check_destination(destination)
    if shutil.which("mmdebstrap") is None:
        raise say.ToolError("mmdebstrap is not installed", "run `tools/albireo setup` (package mmdebstrap)")
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".albireo-rootfs-") as folder:
        lines = sources()
        command = ["mmdebstrap", f"--variant={variant}", "--architectures=amd64", *_apt_options()]
        if include:
            command.append("--include=" + ",".join(include))
        if lines:
            listing = pathlib.Path(folder, "sources.list")
            listing.write_text("\n".join(lines) + "\n")
        elif KEYRING.exists():
            command.append(f"--keyring={KEYRING}")
        os.chmod(folder, 0o755)  # for mmdebstrap as another user
        made = pathlib.Path(folder, "root.tar") if tar else path
        existed = path.exists()
        command += [SUITE, str(made), *([str(listing)] if lines else [])]
        say.progress(f"making a Debian 12 root in {destination}" + (f" with {', '.join(include)}" if include else ""))
        status, said = _run(command)
        if status == 0:
            if tar:
                made.rename(path)
            return path
        if not tar and not existed:
            shutil.rmtree(path, ignore_errors=True)
        bad = [line for line in said.splitlines() if not line.startswith(("I: ", "Get:", "Fetched"))]
        raise say.ToolError("mmdebstrap failed:\n" + "\n".join(bad[-15:]) + f"\n  {_hint(said)}", status=1)


def names(text):
    """--include's value as package names."""
    wanted = [name for name in re.split(r"[,\s]+", text) if name]
    for name in wanted:
        if not re.fullmatch(r"[a-z0-9][a-z0-9+.-]+(:[a-z0-9]+)?", name):
            raise say.ToolError(f"--include: {name!r} is no package name", "write it like --include gcc,make,python3")
    return wanted


def rootfs(options):
    check_destination(options.destination)
    include = names(options.include)
    packages.ensure("rootfs")
    path = debian(options.destination, include)
    say.progress(f"made {options.destination}; run a program of it with: tools/albireo run --rootfs {options.destination} -- CMD")
    return 0 if path else 1
