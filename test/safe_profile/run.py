#!/usr/bin/env python3
# SPDX-License-Identifier: MPL-2.0
"""Runs the fixtures of the Safe Profile plugin.

reject/*.cpp must fail and name the rule of their first line (`// expect: S6`); an error of the compiler itself is a failure, so
that a fixture cannot be rejected by accident, unless the line ends in `+` (`// expect: S4 +`). `// expect: type TEXT` is for what
the types forbid: one error, of the compiler, and TEXT in what it says. accept/*.cpp must compile. All are compiled with the flags
of service files; boot/ stands for services/boot.

usage: run.py [-k WORD] PLUGIN ROOT COMPILER FLAGS...
"""
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ERROR = re.compile(r'error: (.*)')
RULE = re.compile(r'^\[(S\d+)\] ')


def judge(path, command):
    """None when the fixture behaves, else why not."""
    run = subprocess.run(command + [str(path)], capture_output=True, text=True, timeout=120)
    errors = ERROR.findall(run.stderr)
    rules = {m.group(1) for e in errors if (m := RULE.match(e))}
    if path.parent.name == 'accept':
        return None if run.returncode == 0 else f'rejected: {errors[:3] or run.stderr[-300:]}'
    first = path.read_text().splitlines()[0]
    if text := re.match(r'// expect: type (.+)$', first):
        if run.returncode == 0:
            return 'accepted, expected a type error'
        ok = len(errors) == 1 and not rules and text.group(1) in run.stderr
        return None if ok else f'expected one error with "{text.group(1)}", got {errors[:3] or run.stderr[-300:]}'
    wanted = re.match(r'// expect: (S\d+|W)( \+)?$', first)
    if not wanted:
        return 'no `// expect: RULE` in its first line'
    if run.returncode == 0:
        return f'accepted, expected {wanted.group(1)}'
    if wanted.group(1) == 'W':  # a compiler warning that the plugin makes an error
        return None if any('-Werror,-W' in e for e in errors) else f'no compiler warning: {errors[:3]}'
    if wanted.group(1) not in rules:
        return f'expected {wanted.group(1)}, got {errors[:3] or run.stderr[-300:]}'
    if wanted.group(2):  # `+`: the compiler has more to say
        return None
    others = [e for e in errors if not RULE.match(e) and '-Werror,-W' not in e]
    return f'other errors: {others[:3]}' if others else None


def main():
    args = sys.argv[1:]
    word = ''
    if args[:1] == ['-k']:
        word, args = args[1], args[2:]
    plugin, root, compiler, *flags = args
    command = compiler.split(';') + flags + [
        '-fsyntax-only', '-ferror-limit=0', f'-fplugin={plugin}', f'-fplugin-arg-safe_profile-root={root}',
        f'-fplugin-arg-safe_profile-safe={HERE}', '-I', str(HERE)]
    fixtures = sorted(p for kind in ('accept', 'reject') for p in (HERE / kind).glob('*.cpp') if word in str(p))
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for path, why in zip(fixtures, pool.map(lambda p: judge(p, command), fixtures)):
            if why:
                failed += 1
                print(f'FAIL {path.parent.name}/{path.stem}: {why}')
    print(f'{len(fixtures) - failed} passed, {failed} failed')
    return 1 if failed or not fixtures else 0


if __name__ == '__main__':
    sys.exit(main())
