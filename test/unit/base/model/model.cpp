// SPDX-License-Identifier: MPL-2.0
// Memory refused. The linker leads every `new` of this program here (--wrap), so that a sanitizer's own stays behind it.
#include "model.h"
#include <cstddef>
#include <utility>

namespace {
thread_local ostd::u32 refuse_in = 0;  // how many allocations from now; 0: never
}  // namespace

ostd::u32 test::refuse_memory(ostd::u32 nth) { return std::exchange(refuse_in, nth); }

extern "C" {
void* __real__Znwm(std::size_t n);
void* __wrap__Znwm(std::size_t n);
void* __wrap__Znwm(std::size_t n) {
  if (refuse_in != 0 && --refuse_in == 0) throw test::Panic{"memory refused"};
  return __real__Znwm(n);
}
}
