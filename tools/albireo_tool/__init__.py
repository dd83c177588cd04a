# SPDX-License-Identifier: MPL-2.0
"""The parts of tools/albireo. Python 3 standard library only."""
