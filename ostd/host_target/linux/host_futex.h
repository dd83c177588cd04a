// SPDX-License-Identifier: MPL-2.0
// Sleeping and waking in the host: futex(2).
#pragma once
#include <base/atomic.h>
#include <base/types.h>

namespace ostd::host {

// Words in shared memory files are `shared`: the other side is another process.
enum class FutexScope : u8 { process, shared };
enum class Slept : u8 { woken, changed, timed_out };

// Sleeps while *word == expected, until woken or CLOCK_MONOTONIC reaches deadline_ns (UINT64_MAX: no end). May wake without cause.
Slept futex_wait(const u32* word, u32 expected, u64 deadline_ns, FutexScope scope);
// The word inside an atomic. SAFETY: its only member.
inline const u32* futex_word(const Atomic<u32>& a) { return reinterpret_cast<const u32*>(&a); }
void futex_wake(const u32* word, u32 how_many, FutexScope scope);

}  // namespace ostd::host
