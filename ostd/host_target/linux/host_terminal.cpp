// SPDX-License-Identifier: MPL-2.0
#include "linux/host_terminal.h"

#include <cerrno>
#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

namespace ostd::host {

namespace {
termios g_before;
constinit bool g_known = false;
constinit bool g_raw = false;
constinit TerminalKeys g_keys = TerminalKeys::guest;
}  // namespace

void terminal_raw(TerminalKeys keys) {
  g_keys = keys;
  terminal_raw_again();
}
void terminal_raw_again() {
  if (!g_known) {
    if (tcgetattr(STDIN_FILENO, &g_before) != 0) return;
    g_known = true;
  }
  termios raw = g_before;
  raw.c_iflag &= ~static_cast<tcflag_t>(IGNBRK | BRKINT | PARMRK | ISTRIP | INLCR | IGNCR | ICRNL | IXON);
  raw.c_oflag &= ~static_cast<tcflag_t>(OPOST);
  raw.c_lflag &= ~static_cast<tcflag_t>(ECHO | ECHONL | ICANON | IEXTEN);
  if (g_keys == TerminalKeys::guest) raw.c_lflag &= ~static_cast<tcflag_t>(ISIG);
  raw.c_cflag = (raw.c_cflag & ~static_cast<tcflag_t>(CSIZE | PARENB)) | CS8;
  raw.c_cc[VMIN] = 1;
  raw.c_cc[VTIME] = 0;
  g_raw = tcsetattr(STDIN_FILENO, TCSANOW, &raw) == 0;
}
void terminal_restore() {
  if (g_raw) tcsetattr(STDIN_FILENO, TCSANOW, &g_before);
  g_raw = false;
}
bool terminal_is_raw() { return g_raw; }
TerminalSize terminal_size() {
  winsize w{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) != 0 && ioctl(STDIN_FILENO, TIOCGWINSZ, &w) != 0) return {0, 0};
  return {w.ws_row, w.ws_col};
}
void write_text(int file, std::string_view text) {
  write_all(file, reinterpret_cast<const u8*>(text.data()), text.size());  // SAFETY: bytes of chars
}
void write_all(int file, const u8* from, usize size) {
  while (size > 0) {
    const ssize_t n = write(file, from, size);
    if (n > 0) {
      from += n;
      size -= static_cast<usize>(n);
    } else if (n < 0 && errno == EAGAIN) {
      pollfd p{file, POLLOUT, 0};
      poll(&p, 1, -1);
    } else if (n < 0 && errno != EINTR) {
      return;
    }
  }
}

}  // namespace ostd::host
