#!/usr/bin/env python3
# SPDX-License-Identifier: MPL-2.0
"""Writes a header that changes whenever the plugin does, so that services are compiled again with the new one."""
import hashlib
import sys

plugin, out = sys.argv[1:3]
with open(plugin, 'rb') as f:
    digest = hashlib.sha256(f.read()).hexdigest()
with open(out, 'w') as f:
    f.write(f'// The Safe Profile plugin that checks this file: {digest}\n')
