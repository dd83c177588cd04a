# SPDX-License-Identifier: MPL-2.0
"""Kernel command lines: words, quoting, and the part after `--` that becomes init's arguments."""
from . import say

LIMIT = 2047  # Linux's COMMAND_LINE_SIZE, kept by Albireo


def quote(word):
    """One word as a kernel command line writes it: blanks inside double quotes; a double quote cannot be written."""
    if '"' in word or "\0" in word:
        raise say.ToolError(f"a kernel command line cannot carry the word {word!r}: it has a double quote",
                            "leave --init out: Albireo's own init takes any argument")
    return f'"{word}"' if word == "" or any(c.isspace() for c in word) else word


def encode(word):
    """Percent-encoding as our init undoes it after --encoded; only what a command line could not carry is changed."""
    if word == "":
        return "%"  # an empty word; init drops an incomplete escape
    return "".join(chr(b) if 33 <= b < 127 and b not in b'%"' else f"%{b:02X}" for b in word.encode("utf-8", "surrogateescape"))


def build(words, init_arguments=()):
    """The whole line. `words` are taken as they are (the user's --append may hold quotes)."""
    line = " ".join(word for word in words if word)
    if init_arguments:
        line += " -- " + " ".join(init_arguments)
    if len(line) > LIMIT:
        raise say.ToolError(f"the kernel command line would be {len(line)} characters; at most {LIMIT} fit",
                            "put a long command into a script in the initramfs")
    return line


def for_command(command, variables=(), workdir=None, user=None):
    """init's arguments that make our init run this command, so."""
    words = [word for text in variables for word in ("--env", encode(text))]
    words += ["--workdir", encode(workdir)] if workdir is not None else []
    words += ["--user", encode(user)] if user is not None else []
    return words + (["--encoded", str(len(command)), *map(encode, command)] if command else [])
