# SPDX-License-Identifier: MPL-2.0
"""Messages to the user: progress and errors on stderr, never mixed with a guest's output on stdout."""
import sys


class ToolError(Exception):
    """Something the user can act on: what is wrong, and what to do about it."""

    def __init__(self, what, do=None, status=2):
        super().__init__(what if do is None else f"{what}\n  {do}")
        self.status = status


quiet = False


def progress(text):
    if not quiet:
        print(f"albireo: {text}", file=sys.stderr, flush=True)


def warn(text):
    print(f"albireo: warning: {text}", file=sys.stderr, flush=True)


def error(text):
    print(f"albireo: {text}", file=sys.stderr, flush=True)
