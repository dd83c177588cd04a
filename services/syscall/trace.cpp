// SPDX-License-Identifier: MPL-2.0
// Printers of the trace (--strace).
#include <services/syscall/trace.h>

namespace svc::sys {
namespace {

constexpr usize kShown = 32;  // as strace: longer strings end in "..."

void print_escaped(TraceSink& t, std::string_view s) {
  t.text("\"");
  for (const char ch : s) {
    if (ch == '\n') t.text("\\n");
    else if (ch == '\t') t.text("\\t");
    else if (ch == '"') t.text("\\\"");
    else if (ch == '\\') t.text("\\\\");
    else if (ch < ' ' || ch > '~') t.print("\\{:o}", static_cast<u32>(static_cast<u8>(ch)));
    else t.print("{}", ch);
  }
  t.text("\"");
}

constexpr Array<StaticStr, 32> kSignalNames{{"0", "SIGHUP", "SIGINT", "SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT", "SIGBUS", "SIGFPE",
    "SIGKILL", "SIGUSR1", "SIGSEGV", "SIGUSR2", "SIGPIPE", "SIGALRM", "SIGTERM", "SIGSTKFLT", "SIGCHLD", "SIGCONT", "SIGSTOP",
    "SIGTSTP", "SIGTTIN", "SIGTTOU", "SIGURG", "SIGXCPU", "SIGXFSZ", "SIGVTALRM", "SIGPROF", "SIGWINCH", "SIGIO", "SIGPWR", "SIGSYS"}};

}  // namespace

void print_pointer(TraceSink& t, u64 v) {
  if (v == 0) t.text("NULL");
  else t.print("{:#x}", v);
}

void print_string(TraceSink& t, const proc::Caller& c, VirtAddr at) {
  if (at.value == 0) return t.text("NULL");
  const Result<String> s = user::read_string(c.address_space(), at, 4096);
  if (!s.ok()) return print_pointer(t, at.value);
  const std::string_view v = s.value().view();
  print_escaped(t, v.substr(0, kShown));
  if (v.size() > kShown) t.text("...");
}

void print_dir_fd(TraceSink& t, i32 fd) {
  if (fd == kAtFdCwd) t.text("AT_FDCWD");
  else t.print("{}", fd);
}

void print_octal(TraceSink& t, u64 v) {
  if (v == 0) t.text("0");
  else t.print("0{:o}", v);
}

void print_signal(TraceSink& t, u32 signo) {
  if (signo < kSignalNames.size()) t.text(kSignalNames[signo].view());
  else t.print("SIGRT_{}", signo - 32);
}

void print_strings(TraceSink& t, const proc::Caller& c, VirtAddr at) {
  if (at.value == 0) return t.text("NULL");
  t.text("[");
  for (u64 i = 0; i < 16; ++i) {
    const Result<u64> p = user::read<u64>(c.address_space(), VirtAddr(at.value + i * 8));
    if (!p.ok() || p.value() == 0) break;
    t.separate(i);
    print_string(t, c, VirtAddr(p.value()));
  }
  t.text("]");
}

void print_flags(TraceSink& t, u64 value, std::span<const FlagName> names, StaticStr zero) {
  u64 left = value;
  usize shown = 0;
  for (const FlagName& n : names) {
    if (n.bits == 0 || (left & n.bits) != n.bits) continue;
    if (shown++ != 0) t.text("|");
    t.text(n.name.view());
    left &= ~n.bits;
  }
  if (shown == 0 && left == 0) return t.text(zero.view());
  if (left != 0) t.print("{}{:#x}", shown != 0 ? std::string_view("|") : std::string_view(""), left);
}

}  // namespace svc::sys
