# SPDX-License-Identifier: MPL-2.0
"""gdb commands for Albireo; `source` this file, or use tools/albireo debug, which does. `help albireo` lists them."""
import pathlib
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import albireo_gdb  # noqa: E402

albireo_gdb.register()
