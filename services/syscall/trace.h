// SPDX-License-Identifier: MPL-2.0
// Printing of system calls in strace's format (--strace): one printer a type of argument.
#pragma once
#include <base/format.h>
#include <base/string.h>
#include <services/process/caller.h>
#include <services/syscall/args.h>

namespace svc::sys {

// The line being made for one call.
class TraceSink {
 public:
  void text(std::string_view s) { line_.append(s); }
  template <class... A>
  void print(FormatFor<A...> f, const A&... a) { line_.append(ostd::format(f, a...).view()); }
  void separate(usize index) { if (index != 0) line_.append(std::string_view(", ")); }
  std::string_view view() const [[clang::lifetimebound]] { return line_.view(); }

 private:
  String line_{};
};

void print_string(TraceSink& t, const proc::Caller& c, VirtAddr at);       // "text" or 0xaddr, "..." when longer than 32
void print_dir_fd(TraceSink& t, i32 fd);
void print_octal(TraceSink& t, u64 v);
void print_signal(TraceSink& t, u32 signo);
void print_strings(TraceSink& t, const proc::Caller& c, VirtAddr at);      // ["a", "b"]
void print_pointer(TraceSink& t, u64 v);                                   // NULL or 0x...

template <class T>
struct TracePrinter {
  static void print(TraceSink& t, proc::Caller& c, u64 raw, usize index) {
    t.separate(index);
    constexpr ArgKind k = ArgTraits<T>::kind;
    if constexpr (k == ArgKind::signed_int || k == ArgKind::fd || k == ArgKind::pid) {
      if constexpr (sizeof(T) == 8) t.print("{}", static_cast<i64>(raw));
      else t.print("{}", static_cast<i32>(static_cast<u32>(raw)));
    } else if constexpr (k == ArgKind::dir_fd) print_dir_fd(t, static_cast<i32>(static_cast<u32>(raw)));
    else if constexpr (k == ArgKind::path || k == ArgKind::string) print_string(t, c, VirtAddr(raw));
    else if constexpr (k == ArgKind::strings) print_strings(t, c, VirtAddr(raw));
    else if constexpr (k == ArgKind::signo) print_signal(t, static_cast<u32>(raw));
    else if constexpr (k == ArgKind::pointer || k == ArgKind::hex) print_pointer(t, raw);
    else if constexpr (k == ArgKind::flags) t.print("{:#x}", raw);
    else if constexpr (k == ArgKind::octal) print_octal(t, raw);
    else t.print("{}", raw);
  }
};
// Named bits or values: "O_RDWR|O_CREAT".
struct FlagName {
  u64 bits = 0;
  StaticStr name = "";
};
void print_flags(TraceSink& t, u64 value, std::span<const FlagName> names, StaticStr zero);
template <class N, class I>
  requires requires { N::names(); }
struct TracePrinter<Flags<N, I>> {
  static void print(TraceSink& t, proc::Caller& c, u64 raw, usize index) {
    t.separate(index);
    print_flags(t, static_cast<I>(raw), N::names(), N::zero());
  }
};

}  // namespace svc::sys
