// SPDX-License-Identifier: MPL-2.0
// How the system calls of watched threads ended, for tests: only with albireo.testing (syscall/test_calls.cpp).
#pragma once
#include <base/array.h>
#include <base/atomic.h>
#include <services/base/ids.h>

namespace svc::proc {

// Bits of Thread::Words::traced: one test tells whether anybody wants to know of a thread's calls. New threads and processes inherit the
// first two. The others are ptrace's: it has a tracer; that wants its system calls, wants them not to be run, single steps.
namespace watch { inline constexpr u32 printed = 1, counted = 2, inherited = 3, ptraced = 4, calls = 8, emulated = 16, step = 32; }

class CallCounts {
 public:
  static constexpr usize kNumbers = 512, kErrnoWords = 3;
  struct Ends {
    u64 successes = 0, interruptions = 0;
    Array<u64, kErrnoWords> errnos{};  // a bit for each errno that came back
  };
  CallCounts() = default;
  void success(u64 number) const;
  void error(u64 number, i32 errno_number) const;
  // A signal's handler runs because of which the call ended or starts again.
  void interruption(u64 number) const;
  // What there was since the last time.
  Ends take(u64 number) const;

 private:
  struct Cell {
    Atomic<u64> successes{0}, interruptions{0};
    Array<Atomic<u64>, kErrnoWords> errnos{};
  };
  Array<Cell, kNumbers> cells_{};
};

}  // namespace svc::proc
