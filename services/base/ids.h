// SPDX-License-Identifier: MPL-2.0
// Identifiers that programs see.
#pragma once
#include <base/types.h>

namespace svc {
using namespace ostd;  // the vocabulary types of the core: u32, Result, Ref, Vec, String ...

// A process or thread id in some pid namespace; 0: none or outside the viewer's namespace.
struct Pid {
  i32 value = 0;
  constexpr auto operator<=>(const Pid&) const = default;
};
struct Uid {
  u32 value = 0;
  constexpr auto operator<=>(const Uid&) const = default;
};
struct Gid {
  u32 value = 0;
  constexpr auto operator<=>(const Gid&) const = default;
};
// A signal number 1..64; 0: none.
struct Signo {
  u32 value = 0;
  constexpr auto operator<=>(const Signo&) const = default;
};
// A device number as stat(2) shows it (major << 8 | minor with the high parts folded in as Linux does).
struct DevId {
  u64 value = 0;
  constexpr auto operator<=>(const DevId&) const = default;
  static constexpr DevId make(u32 major, u32 minor) {
    return {(static_cast<u64>(major & 0xfff) << 8) | (minor & 0xff) | (static_cast<u64>(minor & ~0xffU) << 12) | (static_cast<u64>(major & ~0xfffU) << 32)};
  }
  constexpr u32 major() const { return static_cast<u32>((value >> 8 & 0xfff) | (value >> 32 & ~0xfffULL)); }
  constexpr u32 minor() const { return static_cast<u32>((value & 0xff) | (value >> 12 & ~0xffULL)); }
};
// Seconds and nanoseconds as nanoseconds since 1970 (file times).
struct FileTime {
  i64 ns = 0;
  constexpr auto operator<=>(const FileTime&) const = default;
};
}  // namespace svc
