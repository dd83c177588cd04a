# SPDX-License-Identifier: MPL-2.0
"""The test suites. Each module has a function suites() that returns testing.Suite objects; a new module is found by itself."""
