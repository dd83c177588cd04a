#!/usr/bin/env python3
# SPDX-License-Identifier: MPL-2.0
"""Compares the machine code of each pair plain_X, cap_X of an object file: equal instructions but for the names of what is called.

usage: compare.py OBJDUMP OBJECT
"""
import re
import subprocess
import sys


def functions(objdump, path):
    """name -> list of instructions, with callees that the pair cannot share left out"""
    out = subprocess.run([objdump, '-d', '-r', '--no-show-raw-insn', '--no-leading-addr', path], capture_output=True, text=True, check=True).stdout
    found, body = {}, None
    for line in out.splitlines():
        if head := re.match(r'(?:[0-9a-f]+ )?<(\w+)>:$', line):
            body = found.setdefault(head.group(1), [])
        elif body is not None and line.strip():
            if re.search(r'R_X86_64_\w+\s', line):
                line = re.sub(r'^\s*[0-9a-f]+:', '', line)
                line = re.sub(r'_ZN5probe6callee\S+', 'callee', line)
            line = re.sub(r'(?:0x)?[0-9a-f]* ?<(?:plain|cap)_\w+(\+0x[0-9a-f]+)?>', r'here\1', line)
            body.append(' '.join(line.split()))
    return found


def main():
    code = functions(*sys.argv[1:])
    names = sorted(n.removeprefix('cap_') for n in code if n.startswith('cap_'))
    failed = 0
    for n in names:
        plain, cap = code['plain_' + n], code['cap_' + n]
        # Padding after the function is not its code.
        for body in (plain, cap):
            while body and re.match(r'(nop|int3|data16)', body[-1]):
                body.pop()
        if not plain or (plain == cap) == (n == 'differ'):
            failed += 1
            print(f'FAIL {n}:', 'plain:', *plain, 'capability:', *cap, sep='\n  ')
    print(f'{len(names)} pairs, {failed} failed')
    return 1 if failed or len(names) < 6 or 'differ' not in names else 0


if __name__ == '__main__':
    sys.exit(main())
