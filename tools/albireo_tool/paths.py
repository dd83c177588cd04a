# SPDX-License-Identifier: MPL-2.0
"""Where things are. Everything the tool writes is below the build directory."""
import os
import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("ALBIREO_BUILD") or ROOT / "build").absolute()
CACHE = BUILD / "cache"

KERNEL = BUILD / "albireo-kernel.elf"
HOST = BUILD / "albireo-host"
APPS = BUILD / "apps"
CONFORMANCE = ROOT / "apps" / "conformance"


def cache(*parts):
    """A path in the cache directory whose folder exists."""
    path = CACHE.joinpath(*parts)
    path.parent.mkdir(parents=True, exist_ok=True)
    return path
