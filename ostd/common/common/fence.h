// SPDX-License-Identifier: MPL-2.0
#pragma once

namespace ostd::common {

// Stores before it are seen before loads after it are made. Cheaper than mfence.
inline void full_fence() {
#if defined(__has_feature) && __has_feature(thread_sanitizer)
  __atomic_thread_fence(__ATOMIC_SEQ_CST);
#else
  // SAFETY: adds nothing to the word on top of the stack; only its effect as a fence counts.
  asm volatile("lock; orl $0, (%%rsp)" ::: "memory", "cc");
#endif
}

}  // namespace ostd::common
