// SPDX-License-Identifier: MPL-2.0
// Stacks of tasks: host memory with a guard page below, kept in a pool. Not part of the machine's memory.
#include "linux/host_memory.h"

#include <common/target.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define OSTD_BIG_STACKS 1
#endif
#endif

namespace {
using namespace ostd;

#ifdef OSTD_BIG_STACKS
constexpr usize kStackSize = 256 << 10;
#else
constexpr usize kStackSize = 64 << 10;
#endif
constexpr u32 kPoolMax = 64;

constinit target::RawSpin g_lock{};
constinit u8* g_pool[kPoolMax]{};
constinit u32 g_pooled = 0;
}  // namespace

ostd::target::Stack ostd::target::stack_alloc() {
  u8* low = nullptr;
  g_lock.lock();
  if (g_pooled != 0) low = g_pool[--g_pooled];
  g_lock.unlock();
  if (low) return {low, kStackSize};
  u8* at = host::map_memory(-1, 0, kStackSize + kPageSize, host::MapRights::read_write);
  if (!at) panic("the host refuses memory for a stack");
  host::protect_memory(at, kPageSize, host::MapRights::none);
  return {at + kPageSize, kStackSize};
}

void ostd::target::stack_free(Stack s) {
  g_lock.lock();
  const bool keep = g_pooled < kPoolMax;
  if (keep) g_pool[g_pooled++] = s.low;
  g_lock.unlock();
  if (!keep) host::unmap_memory(s.low - kPageSize, s.size + kPageSize);
}
