# SPDX-License-Identifier: MPL-2.0
"""Unit tests of tools/albireo's own parts."""
import base64
import dataclasses
import subprocess
import tempfile
import unittest
import zlib
from pathlib import Path

import linux_abi
from albireo_tool import cmdline, conformance, cpio, qemu, say, testing
from albireo_tool.suites import cases, meson_tests


class Cpio(unittest.TestCase):
    def archive(self):
        archive = cpio.Archive()
        archive.file("/a/b/file", b"content", 0o640)
        archive.link("/a/link", "b/file")
        archive.folder("/empty", 0o700)
        archive.character_device("/dev/null", 1, 3, 0o666)
        return archive.finish()

    def test_the_same_entries_give_the_same_bytes(self):
        self.assertEqual(self.archive(), self.archive())

    def test_busybox_reads_what_was_written(self):
        with tempfile.TemporaryDirectory() as folder:
            # As an ordinary user the device cannot be made; the rest is there all the same.
            subprocess.run(["busybox", "cpio", "-idm"], input=self.archive(), cwd=folder, stderr=subprocess.DEVNULL)
            self.assertEqual((Path(folder) / "a/link").read_bytes(), b"content")
            self.assertEqual((Path(folder) / "a/b/file").stat().st_mode & 0o777, 0o640)
            self.assertTrue((Path(folder) / "empty").is_dir())

    def test_every_cut_is_noticed(self):
        data = self.archive()
        self.assertIsNone(cpio.check(data))
        end = data.index(b"TRAILER!!!")
        for length in range(0, end):
            self.assertIsNotNone(cpio.check(data[:length]), length)

    def test_a_name_twice_is_refused(self):
        archive = cpio.Archive()
        archive.file("x", b"")
        self.assertRaises(ValueError, archive.file, "/x", b"")


class CommandLine(unittest.TestCase):
    @staticmethod
    def decode(word):
        """What apps/init does."""
        data, at = bytearray(), 0
        raw = word.encode()
        while at < len(raw):
            if raw[at:at + 1] == b"%":
                if at + 1 == len(raw):
                    break
                data.append(int(raw[at + 1:at + 3], 16))
                at += 3
            else:
                data.append(raw[at])
                at += 1
        return data.decode("utf-8", "surrogateescape")

    def test_encoding_comes_back_and_holds_no_blank_or_quote(self):
        for word in ("", "plain", "a b", 'q"q', "%", "%20", "ü\n\t", "\udcff", "=", "-- x"):
            encoded = cmdline.encode(word)
            self.assertEqual(self.decode(encoded), word)
            self.assertRegex(encoded, r'^[^\s"]+$')

    def test_quote(self):
        self.assertEqual(cmdline.quote("plain"), "plain")
        self.assertEqual(cmdline.quote("a b"), '"a b"')
        self.assertRaises(say.ToolError, cmdline.quote, 'a"b')

    def test_a_line_that_is_too_long_is_refused(self):
        self.assertRaises(say.ToolError, cmdline.build, ["x" * 3000])


class Status(unittest.TestCase):
    def status(self, code, written):
        with tempfile.NamedTemporaryFile() as file:
            file.write(written)
            file.flush()
            return qemu.guest_status(code, file.name)

    def test_small_statuses_come_through_the_exit_device(self):
        self.assertEqual(self.status(7 << 1 | 1, b""), 7)

    def test_large_ones_through_the_debug_console(self):
        self.assertEqual(self.status((203 << 1 | 1) & 255, bytes([203])), 203)

    def test_a_reset_has_none(self):
        self.assertIsNone(self.status(0, b""))

    def test_an_error_of_qemu_is_not_status_0(self):
        self.assertTrue(qemu.failed_to_start(1, "qemu-system-x86_64: no such machine\n"))
        self.assertTrue(qemu.failed_to_start(1, "qemu: initrd is too large, cannot support.(max: 1, need 2)\n"))
        self.assertFalse(qemu.failed_to_start(1, "qemu-system-x86_64: warning: TCG lacks a feature\n"))


class Records(unittest.TestCase):
    def feed(self, *lines):
        collector = conformance._Collector(2)
        for line in lines:
            collector.feed(line)
        return collector

    def record(self, number, data, crc=None):
        return (b"\x1eB %d /x" % number, b"\x1eD %d %s" % (number, base64.b64encode(data)),
                b"\x1eE %d exit 3 %d %08x" % (number, len(data), zlib.crc32(data) if crc is None else crc))

    def test_a_whole_record_is_an_outcome_with_noise_around_it(self):
        collector = self.feed(b"[ 1.0] noise", *self.record(0, b"hello\n"), b"more noise", b"noise\x1eQ 1")
        self.assertEqual(collector.outcomes, {0: conformance.Outcome("exit", 3, "hello\n")})
        self.assertTrue(collector.finished)

    def test_a_wrong_checksum_or_noise_inside_is_damage(self):
        self.assertEqual(self.feed(*self.record(0, b"hello", 1)).damaged, {0})
        begin, data, end = self.record(1, b"hello")
        self.assertEqual(self.feed(begin, data[:6] + b"[ 1.0] noise" + data[6:], end).damaged, {1})
        self.assertFalse(self.feed(begin, end).outcomes)


    def test_counts_of_calls(self):
        calls = self.feed(b"\x1eC 0 34 5 2 9,22,", b"\x1eC 0 39 1 0 ").calls
        self.assertEqual(calls, {0: [conformance.CallEnds(34, 5, 2, frozenset({9, 22})), conformance.CallEnds(39, 1, 0, frozenset())]})


class Cases(unittest.TestCase):
    CALL = linux_abi.Call(0, "read", "complete", "", True, "", "")
    ALL = conformance.CallEnds(0, 1, 1, frozenset({9}))

    def lines(self, call, end):
        return len(cases.missing(call, [("files/x", end)] if end else []).splitlines())

    def test_each_way_to_end_is_demanded(self):
        self.assertEqual(self.lines(self.CALL, self.ALL), 0)
        self.assertEqual(self.lines(self.CALL, None), 3)
        for change in ({"successes": 0}, {"interruptions": 0}, {"errnos": frozenset()}):
            self.assertEqual(self.lines(self.CALL, dataclasses.replace(self.ALL, **change)), 1)

    def test_the_table_may_not_claim_what_is_not_so(self):
        for change in ({"no_success": "why"}, {"no_error": "why"}, {"waits": False}):
            self.assertEqual(self.lines(dataclasses.replace(self.CALL, **change), self.ALL), 1)

    def test_the_table_is_read_whole(self):
        calls = {call.name: call for call in linux_abi.entries().values()}
        text = "".join(path.read_text() for path in linux_abi.TABLE.glob("sys_*.h"))
        self.assertEqual(len(calls), text.count("entry<sys_"))
        self.assertTrue(calls["read"].waits and not calls["lseek"].waits)
        self.assertTrue(calls["pause"].no_success and calls["pause"].no_error and calls["pause"].waits)
        self.assertEqual(linux_abi.pointers()["mount"], {0, 1, 2, 4})


class Globs(unittest.TestCase):
    def test_parts_are_compared_and_may_end_early(self):
        name = "conformance/host/mm/fork"
        for pattern in ("conformance", "conformance/*/mm", "conformance/host", "*/host/mm/f*", "fork", "f?rk", name):
            self.assertTrue(testing.matches([pattern], name), pattern)
        for pattern in ("host", "conformance/mm", "conf", "conformance/host/mm/fork/x", "conformance/*/m"):
            self.assertFalse(testing.matches([pattern], name), pattern)


    def test_a_suite_is_left_alone_when_no_pattern_can_mean_it(self):
        suite = testing.Suite()
        suite.name = "conformance/host"
        for pattern, expected in (("conformance", True), ("tool", False), ("fork", True), ("conformance/*/mm", True),
                                  ("conformance/linux", False), ("tool/x", False), ("conf*", True)):
            self.assertEqual(testing.may_match([pattern], suite, {"tool", "conformance"}), expected, pattern)


class Reports(unittest.TestCase):
    def test_tap(self):
        results, planned = meson_tests.read_tap(
            ["noise", "1..3", "ok 1 - one", "# why", "not ok 2 - two", "ok 3 - three # SKIP memory: none"])
        self.assertEqual(planned, 3)
        self.assertEqual(results, [("one", "pass", ""), ("two", "FAIL", "# why"), ("three", "skip", "memory: none")])

    def test_xml_that_breaks_off_names_the_running_case(self):
        text = (b'<?xml version="1.0"?><Catch><Group><TestCase name="good"><OverallResult success="true"/></TestCase>'
                b'<TestCase name="bad"><Expression success="false" filename="f.cpp" line="3"><Original>a == b</Original>'
                b'<Expanded>1 == 2</Expanded></Expression><OverallResult success="false"/></TestCase>'
                b'<TestCase name="crash"><Section name="x">')
        finished, running = meson_tests._read_xml(text)
        self.assertEqual(finished[0], ("good", ""))
        self.assertIn("a == b", finished[1][1])
        self.assertEqual(running, "crash")
