// SPDX-License-Identifier: MPL-2.0
// Terminal settings [termios(3), ioctl_tty(2)]: numbers of the Linux ABI.
#pragma once
#include <base/array.h>
#include <services/base/ids.h>

namespace svc::tty {

struct Termios {  // struct termios of the kernel: 36 bytes
  u32 iflag = 0, oflag = 0, cflag = 0, lflag = 0;
  u8 line = 0;
  Array<u8, 19> cc{};
  bool operator==(const Termios&) const = default;
};
static_assert(sizeof(Termios) == 36);

struct Winsize {
  u16 rows = 0, columns = 0, x_pixels = 0, y_pixels = 0;
  bool operator==(const Winsize&) const = default;
};

namespace in {
inline constexpr u32 ignbrk = 1, brkint = 2, ignpar = 4, parmrk = 010, inpck = 020, istrip = 040, inlcr = 0100, igncr = 0200, icrnl = 0400, iuclc = 01000,
    ixon = 02000, ixany = 04000, ixoff = 010000, imaxbel = 020000, iutf8 = 040000;
}
namespace out {
inline constexpr u32 opost = 1, olcuc = 2, onlcr = 4, ocrnl = 010, onocr = 020, onlret = 040, tabdly = 014000, xtabs = 014000;
}
namespace local {
inline constexpr u32 isig = 1, icanon = 2, xcase = 4, echo = 010, echoe = 020, echok = 040, echonl = 0100, noflsh = 0200, tostop = 0400, echoctl = 01000,
    echoprt = 02000, echoke = 04000, flusho = 010000, pendin = 040000, iexten = 0100000;
}
enum class Cc : u8 { intr = 0, quit = 1, erase = 2, kill = 3, eof = 4, time = 5, min = 6, swtc = 7, start = 8, stop = 9, susp = 10, eol = 11, reprint = 12,
                     discard = 13, werase = 14, lnext = 15, eol2 = 16 };

// tty_std_termios of Linux.
inline constexpr Termios default_termios() {
  Termios t{};
  t.iflag = in::icrnl | in::ixon;
  t.oflag = out::opost | out::onlcr;
  t.cflag = 0xbf;  // B38400 | CS8 | CREAD | HUPCL without the last: c_cflag as stty shows it after open
  t.lflag = local::isig | local::icanon | local::echo | local::echoe | local::echok | local::echoctl | local::echoke | local::iexten;
  t.cc = Array<u8, 19>{{3, 28, 127, 21, 4, 0, 1, 0, 17, 19, 26, 0, 18, 15, 23, 22, 0, 0, 0}};
  return t;
}

}  // namespace svc::tty
